/** `soloist why ID`: from what came in to the act, each link with its place on the log. */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { oneLine, shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import type { Output } from '../output.js';
import type { Surroundings } from '../surroundings.js';

interface WhyLine {
  readonly step: string;
  readonly standing: string;
  readonly text: string;
  readonly details: readonly { readonly name: string; readonly value: string }[];
  readonly evidence: { readonly commit: string; readonly stream: number; readonly sequence: number; readonly at: string; readonly event: string } | null;
}

interface Why {
  readonly id: string;
  readonly kind: string;
  readonly found: string;
  readonly runId: string | null;
  readonly effectId: string | null;
  readonly isWhole: boolean;
  readonly lines: readonly WhyLine[];
}

const STEP_WIDTH = 14;
const TEXT_WIDTH = 400;
const FACT = 'fact ';
const MARKS: Readonly<Record<string, string>> = { open: 'not yet: ', missing: 'MISSING: ', mismatch: 'DOES NOT FIT: ' };

export async function whyCommand(surroundings: Surroundings, _options: Readonly<Record<string, unknown>>, id = ''): Promise<number> {
  const { output } = surroundings;
  if (id === '') throw new Failure('cli.usage', 'no id was given', './soloist why ID', EXIT.usage);
  const why = await (await requireApi(surroundings)).get<Why>(`/v1/why/${encodeURIComponent(id)}`);
  output.json({ type: 'why', ...why });
  output.line(`why ${oneLine(why.id)}`);
  output.line(`${oneLine(why.kind.replace('-', ' '))}: ${oneLine(why.found, TEXT_WIDTH)}`);
  if (why.runId !== null) output.line(`run ${oneLine(why.runId)}${why.effectId === null ? '' : `, effect ${oneLine(why.effectId)}`}`);
  for (const line of why.lines) show(output, line);
  output.message(`\n${ending(why)}`);
  return why.isWhole ? EXIT.ok : EXIT.failed;
}

function show(output: Output, { step, standing, text, details, evidence }: WhyLine): void {
  const said = `${MARKS[standing] ?? ''}${oneLine(text, TEXT_WIDTH)}`;
  output.line();
  output.line(`${output.style('bold', oneLine(step).padEnd(STEP_WIDTH))} ${standing === 'missing' || standing === 'mismatch' ? output.style('red', said) : said}`);
  for (const { name, value } of grouped(details)) output.line(`${' '.repeat(STEP_WIDTH)} ${oneLine(name)}: ${oneLine(value, TEXT_WIDTH)}`);
  if (evidence === null) return;
  const { commit, stream, sequence, at } = evidence;
  output.line(`${' '.repeat(STEP_WIDTH)} ${output.style('dim', `${shortTime(at)}, commit ${oneLine(commit)} at EVENTS-${stream}:${sequence}`)}`);
}

/** What a verdict rested on stands in one line. */
function grouped(details: WhyLine['details']): WhyLine['details'] {
  const facts = details.filter(({ name }) => name.startsWith(FACT));
  if (facts.length === 0) return details;
  const value = facts.map((fact) => `${fact.name.slice(FACT.length)} ${fact.value}`).join('; ');
  return [...details.filter(({ name }) => !name.startsWith(FACT)), { name: 'judged on', value }];
}

function ending({ lines, isWhole }: Why): string {
  const broken = lines.filter(({ standing }) => standing === 'missing' || standing === 'mismatch').length;
  const word = isWhole ? 'No link is missing.' : `${broken} ${broken === 1 ? 'link is' : 'links are'} missing or ${broken === 1 ? 'does' : 'do'} not fit; look there first.`;
  return `${word} That nothing on the log was changed is proved by: ./soloist log verify`;
}
