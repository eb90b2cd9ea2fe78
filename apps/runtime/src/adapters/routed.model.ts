/** Sends the rehearsal model's requests to the script and all others to the provider. */
import { REHEARSAL_MODEL } from '@soloist/catalog';
import { Fault } from '@soloist/kernel';
import type { ModelPort } from '../ports/model.port.js';

/** Without a provider nothing but the rehearsal model is ever asked: no network connection is made. */
export function routedModel(rehearsal: ModelPort, provider: ModelPort | null): ModelPort {
  return {
    complete(request) {
      if (request.model === REHEARSAL_MODEL) return rehearsal.complete(request);
      if (provider === null) return Promise.reject(new Fault('unauthorized', 'model.no-key', `There is no key for ${request.model}. Set OPENAI_API_KEY, or use the alias rehearsal.`));
      return provider.complete(request);
    },
  };
}
