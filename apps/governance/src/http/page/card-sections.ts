/** The parts of the approval page that say what is decided about. */
import { isErased } from '@soloist/eventlog';
import type { GateCard, Sentence } from '../gate-schemas.js';
import { breakable, html, Html } from './html.js';
import { distance, moment, money, size } from './words.js';

type Fields = Readonly<Record<string, unknown>>;

/** All that goes out. An edited action is shown as it was edited. */
export function actionSection(card: GateCard): Html {
  const args = card.edit?.args ?? card.args;
  if (isErased(args) || args === null || typeof args !== 'object') return html`<section aria-labelledby="goes-out"><h2 id="goes-out">What goes out</h2><p>The person it is about was erased; its words are gone.</p></section>`;
  const { to, subject, text, attachments: listed, ...others } = args as Fields;
  const rows = [
    // Whoever is more than an address is shown whole: what stands beside the address goes out as well.
    row('To', to === undefined ? null : said(to)),
    row('Subject', subject === undefined ? null : said(subject)),
    row('attachments', isWholeInList(listed) ? null : said(listed)),
    ...Object.entries(others).map(([name, value]) => (value === null ? null : row(name === 'inReplyTo' ? 'In reply to' : name, said(value)))),
  ];
  return html`<section aria-labelledby="goes-out"><h2 id="goes-out">What goes out</h2>
<dl>${rows.filter((one) => one !== null)}</dl>
${text === undefined ? null : html`<div class="letter">${card.edit === null && typeof text === 'string' ? card.sentences.map(sentence) : said(text)}</div>`}
${attachments(card)}</section>`;
}

const LISTED: readonly string[] = ['name', 'bytes', 'sha256'];

/** The list of attachments shows all there is of them. */
function isWholeInList(listed: unknown): boolean {
  if (listed === undefined || listed === null) return true;
  return Array.isArray(listed) && listed.every((one: unknown) => typeof one === 'string' || (typeof one === 'object' && one !== null && Object.keys(one).every((field) => LISTED.includes(field))));
}

function row(name: string, value: string | null): Html | null {
  return value === null ? null : html`<dt>${name}</dt><dd>${breakable(value)}</dd>`;
}

function said(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value);
}

/** The text stays as it is; marks hang on the end of a sentence. */
function sentence({ text, sources, isUnsupported, isWithoutReceipt }: Sentence): Html {
  const words = text.trimEnd();
  const space = text.slice(words.length);
  const marks = sources.map((number) => html`<sup><a href="#source-${number}" aria-label="Source ${number}">${number}</a></sup>`);
  const doubts = [isUnsupported ? 'No source holds this figure' : null, isWithoutReceipt ? 'It says that something was done; this run has no receipt for it' : null].filter((doubt) => doubt !== null);
  return html`${doubts.length > 0 ? html`<span class="nowhere">${words}</span><sup title="${doubts.join('. ')}">?</sup>` : words}${marks}${space}`;
}

function attachments({ attachments: listed }: GateCard): Html | null {
  if (listed.length === 0) return null;
  return html`<h3>Attachments</h3><ul>${listed.map(({ name, bytes, sha256 }) => html`<li>${name}, ${bytes === null ? 'size unknown' : size(bytes)}<br><code>${sha256 ?? 'no checksum'}</code></li>`)}</ul>`;
}

export function whySection({ trigger, why, agent }: GateCard, now: string): Html {
  const came = trigger === null ? null : html`<p><strong>${breakable(trigger.from)}</strong> wrote ${distance(trigger.receivedAt, now)}: “${trigger.subject}”${agent === null ? null : html`. The agent <strong>${agent}</strong> prepared this`}.</p>`;
  return html`<section aria-labelledby="why"><h2 id="why">Why you are asked now</h2>${came}${why.length === 1 ? html`<p>${why[0] ?? ''}</p>` : html`<ul>${why.map((reason) => html`<li>${reason}</li>`)}</ul>`}</section>`;
}

export function sourcesSection({ sources, sentences, trigger }: GateCard): Html {
  const doubts = [
    sentences.some(({ isUnsupported }) => isUnsupported) ? 'no source holds this figure' : null,
    sentences.some(({ isWithoutReceipt }) => isWithoutReceipt) ? 'it says that something was done, and this run has no receipt for it' : null,
  ].filter((doubt) => doubt !== null);
  const items = sources.map((source, index) => sourceItem(source, index + 1));
  const mail = trigger === null ? null : html`<li id="source-${sources.length + 1}">The message from ${breakable(trigger.from)} <span class="small">· text from outside</span></li>`;
  const none = sources.length === 0 && trigger === null;
  return html`<section aria-labelledby="sources"><h2 id="sources">Where it comes from</h2>
${none ? html`<p>No source is on record.</p>` : html`<ol>${items}${mail}</ol><p class="small after">Numbers in the text were matched word by word.</p>`}
${doubts.length > 0 ? html`<p class="small"><span class="nowhere">Underlined</span>: ${doubts.join('; or ')}.</p>` : null}</section>`;
}

const TRUST: Readonly<Record<string, string>> = { owner: 'your own words', 'verified-internal': 'verified by you', 'connector-structured': 'from a connected system', 'third-party-text': 'text from outside', unknown: 'origin unknown' };

function sourceItem(source: unknown, number: number): Html {
  const { text, trust, source: from } = source as Fields;
  const commit = (from as Fields | undefined)?.['commit'];
  return html`<li id="source-${number}">${said(text)} <span class="small">· remembered, ${TRUST[String(trust)] ?? 'origin unknown'}${typeof commit === 'string' ? html`, from <code>${commit.slice(0, 12)}</code>` : null}</span></li>`;
}

export function aboutSection({ costMicros, currency, undo, confidence: { decisions, approvedUnchanged, share }, expiresAt }: GateCard, now: string): Html {
  const before = share === null ? `Unknown: ${decisions === 0 ? 'no decision' : `only ${decisions} ${decisions === 1 ? 'decision' : 'decisions'}`} about this action so far` : `You approved ${approvedUnchanged} of the last ${decisions} unchanged (${Math.round(share * 100)} %)`;
  return html`<section aria-labelledby="about"><h2 id="about">Before you decide</h2>
<dl><dt>Undo</dt><dd>${undo}</dd><dt>Cost so far</dt><dd>${money(costMicros, currency)}</dd><dt>Confidence</dt><dd>${before}</dd><dt>Expires</dt><dd><time datetime="${expiresAt}">${moment(expiresAt)}</time>, ${distance(expiresAt, now)}; then the answer is no</dd></dl></section>`;
}

export function agentSection({ agentSays }: GateCard): Html | null {
  return agentSays === null ? null : html`<section aria-labelledby="says"><h2 id="says">The agent says</h2><blockquote>${agentSays}</blockquote><p class="small after">A model’s own words. They are not part of what you decide about.</p></section>`;
}
