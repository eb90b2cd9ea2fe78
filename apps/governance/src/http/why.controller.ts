import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { askWhy, type Why } from '../why/ask-why.js';
import { ApiError } from './api-error.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';
import { WhyAnswer, WhyId } from './why-schemas.js';

@ApiTags('runs')
@Controller('v1/why')
export class WhyController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get(':id')
  @Requires('read')
  @ApiOperation({ summary: 'Why something was done: from what came in to the act, each link with its commit. The id is that of a run, effect, gate or commit, a place on the log (EVENTS-STREAM:SEQUENCE), or the Message-ID of a mail that was sent or came in.' })
  @ApiResponse({ status: 200, standardSchema: WhyAnswer })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async why(@Param('id', { schema: WhyId }) id: string): Promise<Why> {
    const answer = await askWhy(this.api, id);
    if ('because' in answer) throw new ApiError(404, 'why.unknown', answer.because, 'List the runs: GET /v1/runs.');
    return answer;
  }
}
