/** The runtime: carries runs from their admission to their end. */
import { setTimeout as pause } from 'node:timers/promises';
import { genaiPriceBook } from '@soloist/catalog';
import { defineService } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import { ajvArgsCheck } from './adapters/ajv.args-check.js';
import { intervalRounds } from './adapters/interval.rounds.js';
import { openAiModel } from './adapters/openai.model.js';
import { rehearsalModel } from './adapters/rehearsal.model.js';
import { routedModel } from './adapters/routed.model.js';
import { loadPrograms } from './adapters/module.programs.js';
import { loopEntity } from './entities.js';
import { programRegister } from './program/program-register.js';
import { rosterEntity } from './program/program-roster.js';
import type { RuntimePorts } from './ports/runtime.ports.js';
import { answerRun } from './reactors/answer-run.js';
import { beginRun } from './reactors/begin-run.js';
import { cancelRun } from './reactors/cancel-run.js';
import { continueAfterRecall } from './reactors/continue-after-recall.js';
import { cancelProgram } from './reactors/cancel-program.js';
import { deliverEvent } from './reactors/deliver-event.js';
import { endCancelledRun } from './reactors/end-cancelled-run.js';
import { lookAtProgram } from './reactors/look-at-program.js';
import { observeEffect } from './reactors/observe-effect.js';
import { pauseRun } from './reactors/pause-run.js';
import { resumeRun } from './reactors/resume-run.js';
import { startProgram } from './reactors/start-program.js';
import { modelOfAlias, RuntimeConfig } from './runtime.config.js';
import { registerPrograms } from './sources/register-programs.js';
import { sweepStuckPrograms } from './sources/sweep-stuck-programs.js';
import { sweepStuckRuns } from './sources/sweep-stuck-runs.js';

export const runtimeService = defineService<RuntimeConfig, RuntimePorts>({
  name: 'runtime',
  config: RuntimeConfig,
  entities: [loopEntity, programRegister, rosterEntity],
  reactors: [beginRun, continueAfterRecall, observeEffect, cancelRun],
  commands: [startProgram, deliverEvent, cancelProgram, endCancelledRun, pauseRun, resumeRun, answerRun],
  timers: [lookAtProgram],
  sources: [registerPrograms, sweepStuckRuns, sweepStuckPrograms],
  open: async ({ config }) => ({ ports: { ...openPorts(config), programs: await loadPrograms(config.programsModule) }, close: async () => {} }),
});

export function openPorts(config: RuntimeConfig): RuntimePorts {
  const logger = createLogger('runtime');
  const { apiKey, baseUrl, timeoutMs, operatorPrices, windowTokens } = config;
  const provider = apiKey === null ? null : openAiModel({ apiKey, baseUrl, timeoutMs });
  return {
    model: routedModel(rehearsalModel(), provider),
    modelOfAlias: (alias) => modelOfAlias(config, alias),
    windowTokens,
    prices: genaiPriceBook({ operatorPrices, ...(baseUrl === null ? {} : { apiUrl: baseUrl }) }),
    checkArgs: ajvArgsCheck(),
    pause: (ms) => pause(ms),
    rounds: intervalRounds((error) => logger.error(`a sweep failed: ${error instanceof Error ? error.message : String(error)}`)),
  };
}
