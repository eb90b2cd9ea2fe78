import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiError, unknownRun } from './api-error.js';
import { CallerName } from './caller.js';
import { sendEvent, startProgram } from './program-desk.js';
import { cardsOf, registeredPrograms } from './program-register.js';
import { ProgramEventOutcome, ProgramEventWish, ProgramList, ProgramName, ProgramStart, ProgramStarted, type ProgramCard } from './program-schemas.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer, RunId } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('programs')
@Controller('v1')
export class ProgramsController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get('programs')
  @Requires('read')
  @ApiOperation({ summary: 'The programs that workers have registered, each with its versions and what it takes.' })
  @ApiResponse({ status: 200, standardSchema: ProgramList })
  async list(): Promise<{ programs: readonly ProgramCard[] }> {
    return { programs: cardsOf(await registeredPrograms(this.api.log)) };
  }

  @Post('programs/:name/runs')
  @Requires('operate')
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts a program. The same key again answers the same run and starts nothing.' })
  @ApiResponse({ status: 202, standardSchema: ProgramStarted, description: 'It is wished for; the answer says whether a worker has begun it.' })
  @ApiResponse({ status: 200, standardSchema: ProgramStarted, description: 'The run of this key was there before.' })
  @ApiResponse({ status: 400, standardSchema: ErrorAnswer, description: 'The program does not take this input.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer, description: 'Nobody has registered the program, or the version; the message names those that there are.' })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The key stands for a run with another input.' })
  async start(@Param('name', { schema: ProgramName }) name: string, @Body({ schema: ProgramStart }) wish: ProgramStart, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<ProgramStarted> {
    const { isNew, ...started } = await startProgram(this.api.log, name, wish, by);
    response.setHeader('Location', started.url);
    if (!isNew) response.status(200);
    return started;
  }

  @Post('runs/:id/events')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends an event to the run of a program, which waits for it or will. The same key again is the same event.' })
  @ApiResponse({ status: 200, standardSchema: ProgramEventOutcome })
  @ApiResponse({ status: 202, standardSchema: ProgramEventOutcome, description: 'The wish is durable, but was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'It is the run of an agent.' })
  async send(@Param('id', { schema: RunId }) runId: string, @Body({ schema: ProgramEventWish }) wish: ProgramEventWish, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<ProgramEventOutcome> {
    await this.api.view.refresh();
    const row = await this.api.view.run(runId);
    if (row === null) throw unknownRun(runId);
    if (row.program === null) throw new ApiError(409, 'run.no-program', `Run ${runId} is of the agent ${row.agent ?? ''}, which waits for no events.`, 'Events are for runs of programs: GET /v1/programs.');
    const outcome = await sendEvent(this.api.log, runId, wish, by);
    if (!outcome.isOnRecord && outcome.state === 'open') response.status(202);
    return outcome;
  }
}
