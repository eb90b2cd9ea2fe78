/**
 * The approval page: plain HTML, readable and decidable without a script.
 *
 * I1 what goes out is shown from the arguments the digest covers, every one of them; a model's words are quoted and named so
 * I2 no way of pressing Enter decides: only the two buttons do
 * I3 a page that cannot decide (any more) holds no code
 */
import type { GateCard } from '../gate-schemas.js';
import { actionSection, aboutSection, agentSection, sourcesSection, whySection } from './card-sections.js';
import { editForm, type EditValues } from './edit-form.js';
import { breakable, html, Html } from './html.js';
import { STYLE } from './style.js';
import { moment } from './words.js';

export interface PageState {
  readonly card: GateCard;
  /** Null where nothing can be decided. */
  readonly code: string | null;
  /** What went wrong with the last try. */
  readonly told: string | null;
  /** What the operator had typed then. */
  readonly values: EditValues | null;
  readonly now: string;
}

export function approvalPage({ card, code, told, values, now }: PageState): Html {
  const isOpen = card.state === 'open';
  return page(
    isOpen ? card.what : `${STANDING[card.state]}: ${card.what}`,
    isOpen ? 'Waiting for you' : STANDING[card.state],
    html`<h1>${breakable(isOpen ? `${card.what}?` : card.what)}</h1>
${told === null ? null : html`<p class="box told" role="alert">${told}</p>`}
${isOpen ? null : closedBox(card)}
${card.badges.length === 0 ? null : html`<ul class="badges" aria-label="Look out">${card.badges.map(({ text, isWarning }) => html`<li${isWarning ? new Html(' class="warns"') : null}>${text}</li>`)}</ul>`}
${actionSection(card)}
${whySection(card, now)}
${sourcesSection(card)}
${aboutSection(card, now)}
${agentSection(card)}
${isOpen && code !== null ? decisionForms(card, code, values) : null}
${fingerprints(card)}`,
  );
}

/** @param hint what to do next */
export function plainPage(title: string, because: string, hint: string): Html {
  return page(title, '', html`<h1>${title}</h1><section><p>${because}</p><p>${hint}</p></section>`);
}

const STANDING: Readonly<Record<GateCard['state'], string>> = { open: 'Waiting for you', approved: 'Approved', rejected: 'Rejected', expired: 'Expired' };

function page(title: string, standing: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>${title} · Soloist</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<header><p>Soloist</p><p>${standing}</p></header>
${body}
</main>
</body>
</html>
`;
}

function closedBox({ state, decidedBy, isAuthorized, edit }: GateCard): Html {
  const who = decidedBy === null ? 'Nobody decided in time.' : `Decided by ${decidedBy.by}, ${decidedBy.surface === 'page' ? 'on this page' : `by ${decidedBy.surface}`}.`;
  const then = isAuthorized ? 'It may go out now.' : 'Nothing goes out.';
  return html`<div class="box done${state === 'approved' ? '' : ' no'}" role="status"><p><strong>${STANDING[state]}.</strong> ${who} ${then}</p>${edit === null ? null : html`<p>Edited by operator: ${edit.fields.join(', ')}. What goes out is the edited version shown below.</p>`}</div>`;
}

function decisionForms(card: GateCard, code: string, values: EditValues | null): Html {
  const hidden = html`<input type="hidden" name="code" value="${code}">`;
  return html`<form method="post" class="decide" aria-label="Decide">${hidden}
<button type="submit" name="decision" value="approve">${card.action === 'mail.send' ? 'Approve and send' : 'Approve'}</button>
<button type="submit" name="decision" value="reject" class="no">Reject</button>
</form>
<div class="box more">
${editForm(card, hidden, values)}
<details><summary>Reject with a reason</summary><form method="post">${hidden}
<label for="reason">Reason, kept with the decision</label><textarea id="reason" name="reason" maxlength="2000"></textarea>
<button type="submit" name="decision" value="reject" class="no">Reject with this reason</button></form></details>
</div>
<p class="small after">Nothing goes out unless you approve. ${card.reminders > 0 ? `You were reminded ${card.reminders === 1 ? 'once' : `${card.reminders} times`}.` : null}${card.snoozedUntil === null ? null : ` Not reminded of before ${moment(card.snoozedUntil)}.`}</p>`;
}

/** What the decision is bound to. */
function fingerprints({ digest, gateId, runId, policyVersion, edit }: GateCard): Html {
  return html`<footer><dl><dt>Gate</dt><dd><code>${gateId}</code></dd><dt>Run</dt><dd><code>${runId}</code></dd><dt>Digest</dt><dd><code>${digest}</code></dd>${edit === null ? null : html`<dt>Edited</dt><dd><code>${edit.digest}</code></dd>`}<dt>Policy</dt><dd><code>${policyVersion}</code></dd></dl></footer>`;
}
