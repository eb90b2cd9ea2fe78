/** When the operator is left alone, by the policy in force. */
import type { Work } from '@soloist/service';
import { POLICY_KEY } from '../domain/policy.js';
import type { QuietHours } from '../domain/quiet-hours.js';
import { policies } from '../entities.js';

export async function quietHoursNow<Ports>(work: Pick<Work<Ports>, 'load'>): Promise<QuietHours | undefined> {
  const { latest, versions } = (await work.load(policies, POLICY_KEY)).state;
  return latest === null ? undefined : versions.get(latest)?.quietHours;
}
