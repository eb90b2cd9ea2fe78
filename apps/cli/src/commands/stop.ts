/** `soloist stop`, `soloist resume`: the whole company. */
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

interface Acknowledgement {
  readonly isStopped: boolean;
  readonly streams: number;
  readonly generation: number;
  readonly acknowledgedInMs: number;
}

export async function stopCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const answer = await press(surroundings, options, 'stop');
  surroundings.output.line(`stopped   acknowledged by ${answer.streams} streams in ${answer.acknowledgedInMs} ms`);
  surroundings.output.message('nothing new starts outside until: ./soloist resume');
}

export async function resumeCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const answer = await press(surroundings, options, 'resume');
  surroundings.output.line(`running   acknowledged by ${answer.streams} streams in ${answer.acknowledgedInMs} ms`);
  surroundings.output.message('what was authorized before the stop stays void; runs that waited are admitted now');
}

async function press(surroundings: Surroundings, options: Options, verb: 'stop' | 'resume'): Promise<Acknowledgement> {
  const body = typeof options['because'] === 'string' ? { because: options['because'] } : {};
  const answer = await (await requireApi(surroundings)).post<Acknowledgement>(`/v1/company/${verb}`, body);
  surroundings.output.json({ type: `company.${verb === 'stop' ? 'stopped' : 'resumed'}`, ...answer });
  return answer;
}
