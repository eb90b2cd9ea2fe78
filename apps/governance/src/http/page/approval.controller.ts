/**
 * The page behind an approval link.
 *
 * I1 GET, HEAD and whatever else is not POST decide nothing, whoever asks and however often
 * I2 a POST decides with a form code only: bound to the gate and its digest, a quarter of an hour old at most, good once
 * I3 whoever has no link learns nothing, not even whether a gate exists
 * I4 an answer to a POST leads back to the page, so that reloading decides nothing
 */
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { editProblem } from '@soloist/contracts';
import { z } from 'zod';
import { actionDigest } from '../../decisions/terms.js';
import { OPERATOR } from '../../ports/api-tokens.port.js';
import { ApiError } from '../api-error.js';
import { readGateCard } from '../gate-reading.js';
import type { Decision, GateCard } from '../gate-schemas.js';
import { GateId } from '../schemas.js';
import { Requires } from '../route-policy.js';
import { SURROUNDINGS, type Surroundings } from '../surroundings.js';
import { approvalPage, plainPage, type PageState } from './approval-page.js';
import { editedArguments, type EditValues } from './edit-form.js';
import type { Html } from './html.js';
import { PAGE_POLICY } from './style.js';

const LinkCode = z.string().max(100);
/** A field that came twice is no text and is refused with the rest. */
const Form = z.record(z.string().max(100), z.string().max(800_000));

@ApiExcludeController()
@Controller('approve')
export class ApprovalController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get(':gate/:code')
  @Requires('link')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async show(@Param('gate') gateId: string, @Param('code') code: string, @Res({ passthrough: true }) response: Response): Promise<string> {
    const card = await this.opened(gateId, code);
    return this.answer(response, card === null ? unopened() : this.page(card));
  }

  @Post(':gate/:code')
  @Requires('link')
  @HttpCode(200)
  @Header('Content-Type', 'text/html; charset=utf-8')
  async decide(@Param('gate') gateId: string, @Param('code') code: string, @Body() body: unknown, @Res({ passthrough: true }) response: Response): Promise<string> {
    const card = await this.opened(gateId, code);
    if (card === null) return this.answer(response, unopened());
    const form = Form.safeParse(body ?? {});
    if (!form.success) return this.answer(response, this.page(card, 400, 'The form could not be read. Nothing was decided.'));
    const refusal = await this.tryForm(card, form.data);
    if (refusal !== null) return this.answer(response, refusal);
    response.status(303).location(`/approve/${gateId}/${code}`);
    return '';
  }

  /** Null when it is decided, or was before. */
  private async tryForm(card: GateCard, form: EditValues): Promise<Answer | null> {
    const { gateId, digest } = card;
    const code = this.api.links.readFormCode(form['code'] ?? '', { gateId, digest }, this.api.now());
    if (code === null) return this.page(card, 403, 'This form is not one of ours. Nothing was decided.');
    if (card.state !== 'open') return null;
    if (code.isExpired) return this.page(card, 409, 'This page was open for too long. Nothing was decided: look again, then decide.', form);
    const decision = decisionOf(card, form);
    if ('problem' in decision) return this.page(card, 400, `${decision.problem} Nothing was decided.`, form);
    try {
      if ((await this.api.decisions.decide(gateId, decision, OPERATOR, code.commandId)) !== null) return null;
      return this.page(card, 202, 'Your decision is recorded and about to take effect. Open this page again in a moment.');
    } catch (error) {
      if (!(error instanceof ApiError) || error.getStatus() !== 409) throw error;
      const now = await readGateCard(this.api, gateId);
      return this.page(now ?? card, 409, error.message, form);
    }
  }

  private async opened(gateId: string, code: string): Promise<GateCard | null> {
    if (!GateId.safeParse(gateId).success || !LinkCode.safeParse(code).success) return null;
    const card = await readGateCard(this.api, gateId);
    if (card === null || !this.api.links.opens(code, { gateId, digest: card.digest })) return null;
    return Date.parse(card.expiresAt) > Date.parse(this.api.now()) ? card : null;
  }

  private page(card: GateCard, status = 200, told: string | null = null, form: EditValues | null = null): Answer {
    const { gateId, digest, state } = card;
    const now = this.api.now();
    const values = form?.['decision'] === 'approve-edited' ? form : null;
    const page: PageState = { card, told, values, now, code: state === 'open' ? this.api.links.formCode({ gateId, digest }, now) : null };
    return { status, body: approvalPage(page) };
  }

  private answer(response: Response, { status, body }: Answer): string {
    response.status(status);
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    // Without an address of ours in it; `no-referrer` would send the form with the origin `null`, which the door refuses.
    response.setHeader('Referrer-Policy', 'same-origin');
    response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    return body.text;
  }
}

interface Answer {
  readonly status: number;
  readonly body: Html;
}

/** The same for a wrong code, a gate that never was, and one that is over. */
function unopened(): Answer {
  return { status: 404, body: plainPage('This link opens nothing', 'It is not complete, or what it asked about is over.', 'Ask for a new one: ./soloist gate link ID') };
}

function decisionOf(card: GateCard, form: EditValues): Decision | { readonly problem: string } {
  const { digest, action } = card;
  const said = { digest, surface: 'page' as const, reason: form['reason'] === undefined || form['reason'].trim() === '' ? null : form['reason'].slice(0, 2_000).toWellFormed() };
  switch (form['decision']) {
    case 'approve':
    case 'reject':
      return { ...said, decision: form['decision'] };
    case 'approve-edited': {
      const edited = editedArguments(card, form);
      if ('problem' in edited) return edited;
      const args = edited.args as NonNullable<Decision['edit']>['args'];
      const problem = editProblem(action, card.args, args);
      if (problem !== null) return { problem: `${problem[0]?.toUpperCase() ?? ''}${problem.slice(1)}.` };
      return { ...said, decision: 'approve', edit: { args, digest: actionDigest(action, args) } };
    }
    default:
      return { problem: 'The form says neither yes nor no.' };
  }
}
