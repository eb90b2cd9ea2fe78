import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from './route-policy.js';
import { Health } from './schemas.js';

@ApiTags('health')
@Controller()
export class HealthController {
  @Get('health')
  @Requires('open')
  @ApiOperation({ summary: 'Says that the API answers; the one route without a token.', security: [] })
  @ApiResponse({ status: 200, standardSchema: Health })
  health(): { status: 'ok'; service: 'governance' } {
    return { status: 'ok', service: 'governance' };
  }
}
