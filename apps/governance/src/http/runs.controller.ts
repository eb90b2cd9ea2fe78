import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RunRow } from '../ports/governance-view.port.js';
import { unknownRun } from './api-error.js';
import { commitsOfRun, recordedCommit, versionsIn } from './run-history.js';
import { Episode, ErrorAnswer, RunDetail, RunId, RunList, RunsQuery, type RecordedCommit, type Versions } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('runs')
@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @ApiOperation({ summary: 'Runs, newest first.' })
  @ApiResponse({ status: 200, standardSchema: RunList })
  async list(@Query({ schema: RunsQuery }) { limit, state }: RunsQuery): Promise<{ runs: readonly RunRow[] }> {
    await this.api.view.refresh();
    return { runs: await this.api.view.runs({ limit, ...(state === undefined ? {} : { state }) }) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One run, with the versions it is pinned to.' })
  @ApiResponse({ status: 200, standardSchema: RunDetail })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async show(@Param('id', { schema: RunId }) runId: string): Promise<RunRow & { versions: Versions }> {
    const row = await this.row(runId);
    return { ...row, versions: versionsIn(await this.api.log.episode(runId)) };
  }

  @Get(':id/episode')
  @ApiOperation({ summary: 'Everything on record about one run, from what came in to its end.' })
  @ApiResponse({ status: 200, standardSchema: Episode })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async episode(@Param('id', { schema: RunId }) runId: string): Promise<{ runId: string; commits: readonly RecordedCommit[] }> {
    const { inputId } = await this.row(runId);
    return { runId, commits: (await commitsOfRun(this.api.log, runId, inputId)).map(recordedCommit) };
  }

  private async row(runId: string): Promise<RunRow> {
    await this.api.view.refresh();
    const row = await this.api.view.run(runId);
    if (row === null) throw unknownRun(runId);
    return row;
  }
}
