import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiError } from './api-error.js';
import { CallerName } from './caller.js';
import { policyInForce, putIntoForce, tryPolicy } from './policy-desk.js';
import { PolicyInForce, PolicyTrial, PolicyTrialReport, PolicyWish } from './policy-schemas.js';
import { ErrorAnswer } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('policy')
@Controller('v1/policy')
export class PolicyController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The policy in force, with its version.' })
  @ApiResponse({ status: 200, standardSchema: PolicyInForce })
  show(): Promise<PolicyInForce> {
    return policyInForce(this.api.log);
  }

  @Post()
  @Requires('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts a policy into force for runs that start from now on, if the version it replaces still is in force.' })
  @ApiResponse({ status: 200, standardSchema: PolicyInForce })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer })
  async adopt(@Body({ schema: PolicyWish }) wish: PolicyWish, @CallerName() by: string): Promise<PolicyInForce> {
    const now = await putIntoForce(this.api.log, wish, by);
    if (now === null) throw new ApiError(504, 'policy.late', 'The wish is durable, but the policy was not in force within ten seconds.', 'Look again: GET /v1/policy.');
    return now;
  }

  @Post('trial')
  @Requires('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Judges what recent runs asked for again, under another policy. Nothing is changed by it.' })
  @ApiResponse({ status: 200, standardSchema: PolicyTrialReport })
  trial(@Body({ schema: PolicyTrial }) trial: PolicyTrial): Promise<PolicyTrialReport> {
    return tryPolicy(this.api.log, this.api.view, trial);
  }
}
