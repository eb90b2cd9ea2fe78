/** `soloist run pause|resume|take|answer` */
import { EXIT } from '../exit-codes.js';
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

interface Outcome {
  readonly runId: string;
  readonly state: string;
  readonly isOnRecord: boolean;
}

export function pauseCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  return send(surroundings, id, 'pause', because(options), 'paused');
}

export function resumeRunCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  return send(surroundings, id, 'resume', because(options), 'running');
}

/** The run rests until its operator has done the step. */
export async function takeCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  const code = await send(surroundings, id, 'pause', because(options, 'Taken over by the operator.'), 'paused');
  if (code === EXIT.ok) surroundings.output.message(`it waits for your answer: ./soloist run answer ${id} TEXT, or give it back: ./soloist run resume ${id}`);
  return code;
}

export function answerCommand(surroundings: Surroundings, _options: Options, id = '', text = ''): Promise<number> {
  return send(surroundings, id, 'answer', { text }, 'ended');
}

async function send({ output, ...rest }: Surroundings, id: string, verb: string, body: unknown, wanted: string): Promise<number> {
  const outcome = await (await requireApi({ output, ...rest })).post<Outcome>(`/v1/runs/${encodeURIComponent(id)}/${verb}`, body);
  output.json({ type: `run.${verb}`, ...outcome });
  output.line(`${outcome.runId}  ${outcome.state}`);
  if (!outcome.isOnRecord) {
    output.message('the wish is on record and not carried out yet; look at it with: ./soloist run show ID');
    return EXIT.timedOut;
  }
  return outcome.state === wanted || (verb === 'answer' && outcome.state === 'running') ? EXIT.ok : EXIT.conflict;
}

function because(options: Options, otherwise?: string): { because?: string } {
  if (typeof options['because'] === 'string') return { because: options['because'] };
  return otherwise === undefined ? {} : { because: otherwise };
}
