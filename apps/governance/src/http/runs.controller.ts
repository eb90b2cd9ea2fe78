import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { RunRow } from '../ports/governance-view.port.js';
import { unknownRun } from './api-error.js';
import { CallerName } from './caller.js';
import { cancelProgramRun } from './program-desk.js';
import { cancelRun } from './run-cancellations.js';
import { commitsOfRun, recordedCommit, versionsIn } from './run-history.js';
import { Cancellation, CancelOutcome, Episode, ErrorAnswer, RunDetail, RunId, RunList, RunsQuery, type RecordedCommit, type Versions } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('runs')
@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Runs, newest first.' })
  @ApiResponse({ status: 200, standardSchema: RunList })
  async list(@Query({ schema: RunsQuery }) { limit, state }: RunsQuery): Promise<{ runs: readonly RunRow[] }> {
    await this.api.view.refresh();
    return { runs: await this.api.view.runs({ limit, ...(state === undefined ? {} : { state }) }) };
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ summary: 'One run, with the versions it is pinned to.' })
  @ApiResponse({ status: 200, standardSchema: RunDetail })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async show(@Param('id', { schema: RunId }) runId: string): Promise<RunRow & { versions: Versions }> {
    const row = await this.row(runId);
    return { ...row, versions: versionsIn(await this.api.log.episode(runId)) };
  }

  @Get(':id/episode')
  @Requires('read')
  @ApiOperation({ summary: 'Everything on record about one run, from what came in to its end.' })
  @ApiResponse({ status: 200, standardSchema: Episode })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async episode(@Param('id', { schema: RunId }) runId: string): Promise<{ runId: string; commits: readonly RecordedCommit[] }> {
    const { inputId } = await this.row(runId);
    return { runId, commits: (await commitsOfRun(this.api.log, runId, inputId)).map(recordedCommit) };
  }

  @Post(':id/cancel')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a run, in whatever state it is. What it may have spent is charged, the rest of its envelope is free. A run that has ended stays as it ended.' })
  @ApiResponse({ status: 200, standardSchema: CancelOutcome })
  @ApiResponse({ status: 202, standardSchema: CancelOutcome, description: 'The wish is durable, but the end was not on record within ten seconds. Asking again tries again.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async cancel(
    @Param('id', { schema: RunId }) runId: string,
    @Body({ schema: Cancellation }) { because }: Cancellation,
    @CallerName() by: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CancelOutcome> {
    const { program } = await this.row(runId);
    const outcome = await (program === null ? cancelRun : cancelProgramRun)(this.api.log, runId, by, because);
    if (outcome.outcome === null) response.status(202);
    return outcome;
  }

  private async row(runId: string): Promise<RunRow> {
    await this.api.view.refresh();
    const row = await this.api.view.run(runId);
    if (row === null) throw unknownRun(runId);
    return row;
  }
}
