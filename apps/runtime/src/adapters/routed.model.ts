/**
 * Sends the rehearsal model's requests to the script and all others to the provider.
 *
 * I1 whatever comes out of here is an answer or a Fault: a call may have been paid for, so a defect in an adapter must
 *    end on record like any other failure, and not keep a run waiting with its money held
 */
import { REHEARSAL_MODEL } from '@soloist/catalog';
import { Fault, isFault } from '@soloist/kernel';
import type { ModelPort } from '../ports/model.port.js';

/** Without a provider nothing but the rehearsal model is ever asked: no network connection is made. */
export function routedModel(rehearsal: ModelPort, provider: ModelPort | null): ModelPort {
  return {
    async complete(request) {
      const port = request.model === REHEARSAL_MODEL ? rehearsal : provider;
      if (port === null) throw new Fault('unauthorized', 'model.no-key', `There is no key for ${request.model}. Set OPENAI_API_KEY, or use the alias rehearsal.`);
      try {
        return await port.complete(request);
      } catch (error) {
        throw isFault(error) ? error : defectOf(error);
      }
    },
  };
}

/** Its message may quote what was said, so it stays out: the kind of the error and where it arose are told. */
function defectOf(error: unknown): Fault {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const place = error instanceof Error ? /([\w.-]+\.[jt]s:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1] : undefined;
  return new Fault('invalid', 'model.defect', `The adapter of the model failed: ${name}${place === undefined ? '' : ` at ${place}`}. Report it.`, { cause: error });
}
