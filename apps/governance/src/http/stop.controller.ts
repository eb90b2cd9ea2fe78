/**
 * The company stop. Both verbs are committed right here: a wish in a queue would wait behind what it should stop.
 *
 * I1 200 means that the log shows the wish in every stream; anything else names how many are missing
 */
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { PressOutcome } from '../decisions/company-stop.js';
import { ApiError } from './api-error.js';
import { ErrorAnswer } from './schemas.js';
import { CompanyStanding, StopAcknowledgement, StopWish } from './stop-schemas.js';
import { CallerName } from './caller.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('company')
@Controller('v1/company')
export class StopController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Whether the company is stopped, since when, by whom and why.' })
  @ApiResponse({ status: 200, standardSchema: CompanyStanding })
  show(): Promise<CompanyStanding> {
    return this.api.companyStop.standing();
  }

  @Post('stop')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops the company: once this is answered, no new effect starts outside and no run is admitted. What is on the wire finishes or becomes unknown.' })
  @ApiResponse({ status: 200, standardSchema: StopAcknowledgement })
  @ApiResponse({ status: 503, standardSchema: ErrorAnswer })
  stop(@Body({ schema: StopWish }) { because }: StopWish, @CallerName() by: string): Promise<StopAcknowledgement> {
    return acknowledged('stop', () => this.api.companyStop.raise(randomUUID(), { by, because }));
  }

  @Post('resume')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lifts the company stop. What was authorized before the stop stays void; runs that waited for admission are admitted.' })
  @ApiResponse({ status: 200, standardSchema: StopAcknowledgement })
  @ApiResponse({ status: 503, standardSchema: ErrorAnswer })
  resume(@Body({ schema: StopWish }) { because }: StopWish, @CallerName() by: string): Promise<StopAcknowledgement> {
    return acknowledged('resume', () => this.api.companyStop.lift(randomUUID(), { by, because }));
  }
}

async function acknowledged(verb: 'stop' | 'resume', press: () => Promise<PressOutcome>): Promise<StopAcknowledgement> {
  const started = performance.now();
  const { missing, standing } = await press();
  if (missing === 0) return { ...standing, acknowledgedInMs: Math.round(performance.now() - started) };
  throw new ApiError(503, 'company.not-acknowledged', `${missing} of ${standing.streams} event streams did not take the wish.`, `Ask again: POST /v1/company/${verb}. Until then the company counts as ${standing.isStopped ? 'stopped in part' : 'running'}.`);
}
