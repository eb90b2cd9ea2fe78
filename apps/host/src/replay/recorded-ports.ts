/**
 * The five services with ports that answer from the record, for faithful re-execution. What is not on record is a
 * fault, which ends the delivery there and shows as a divergence.
 *
 * I1 no port here can reach the outside: no socket, no private key, no database stands behind any of them
 */
import { connectorsService } from '@soloist/connectors';
import { emptyCatalog, governanceService, recordedSigner, type GovernancePorts } from '@soloist/governance';
import { memoryService } from '@soloist/memory';
import { openRulebook, OrchestratorConfig, orchestratorService } from '@soloist/orchestrator';
import { runtimeService } from '@soloist/runtime';
import type { ReplayMoment, ReplayPart, Service } from '@soloist/service';
import { recordedConnectors } from './recorded-connectors.js';
import type { RecordedEpisode } from './recorded-episode.js';
import { recordedMemory, recordedSessions } from './recorded-memory.js';
import { recordedRuntime } from './recorded-runtime.js';
import { unreachable } from './unreachable.js';

type Environment = Readonly<Record<string, string | undefined>>;

export async function recordedParts(episode: RecordedEpisode, secretsFolder: string, environment: Environment): Promise<readonly ReplayPart[]> {
  const rulebook = openRulebook(OrchestratorConfig.parse(environment));
  const governance = recordedGovernance(episode);
  const memory = recordedMemory(episode);
  return [
    partOf(orchestratorService, () => ({ rulebook })),
    partOf(governanceService, () => governance),
    partOf(runtimeService, recordedRuntime(episode, environment)),
    { ...partOf(memoryService, () => memory), working: recordedSessions(episode) },
    partOf(connectorsService, await recordedConnectors(secretsFolder)),
  ];
}

function partOf<Config, Ports>(service: Service<Config, Ports>, ports: (moment: ReplayMoment) => Ports): ReplayPart {
  return { service: service as unknown as Service<unknown, unknown>, ports };
}

function recordedGovernance({ commits }: RecordedEpisode): GovernancePorts {
  return { signer: recordedSigner(commits), catalog: emptyCatalog, view: unreachable('view'), tokens: unreachable('tokens'), rounds: unreachable('rounds'), links: unreachable('links') };
}
