/**
 * `soloist demo`: two mails come in, one answer is drafted, one decision is asked for, one mail goes out, nothing more.
 *
 * I1 what it reports is counted: mails in the outside box by Message-ID, gates in the episode, connections in the replay
 * I2 `--yes` decides the gate of the run that this demo itself caused, and no other
 * I3 every wait has an end, and each end says what was waited for
 */
import type { ReplayReport } from '@soloist/host';
import type { GateCard, RunSummary } from '../api/shapes.js';
import { demoMails, type DemoMail } from '../demo/demo-mails.js';
import { openStage, type Stage } from '../demo/demo-stage.js';
import { RunFollower } from '../demo/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { cardLines } from '../gate-card.js';
import { submitMail } from '../smtp.js';
import type { Surroundings } from '../surroundings.js';
import { decide } from './decide.js';

type Options = Readonly<Record<string, unknown>>;
const DEFAULT_OPERATOR = 'operator@soloist.example';
const CALM_WITHIN_MS = 30_000;
const RUN_WITHIN_MS = 60_000;

export async function demoCommand(surroundings: Surroundings, options: Options): Promise<number> {
  const started = performance.now();
  const stage = await openStage(surroundings, { isSplit: options['split'] === true, keeps: options['keep'] === true });
  const { output } = surroundings;
  output.json({ type: 'demo.started', dataDir: stage.paths.folder, isTemporary: stage.isTemporary, isHostOurs: stage.isOurs });
  output.message(`the demo plays in ${stage.paths.folder}${stage.isTemporary ? ' (temporary; --keep uses your own data folder)' : ''}`);
  const interrupted = untilInterrupted();
  try {
    const demo = new Demo(stage, surroundings, started);
    const code = await Promise.race([demo.play(options['yes'] === true), interrupted]);
    if (code !== EXIT.waiting) await stage.close('finished');
    return code;
  } catch (error) {
    await stage.close('failed');
    throw error;
  }
}

function untilInterrupted(): Promise<never> {
  return new Promise((_answer, fail) => {
    const take = (): void => fail(new Failure('host.interrupted', 'the demo was interrupted', './soloist demo', EXIT.interrupted));
    process.once('SIGINT', take);
    process.once('SIGTERM', take);
  });
}

class Demo {
  private readonly follower: RunFollower;
  private readonly phases: { readonly phase: string; readonly seconds: number }[] = [];
  private since: number;

  constructor(
    private readonly stage: Stage,
    private readonly surroundings: Surroundings,
    private readonly started: number,
  ) {
    this.since = started;
    this.follower = new RunFollower(stage, surroundings.output, Date.now());
    this.finishPhase('start');
  }

  async play(decides: boolean): Promise<number> {
    const before = new Set((await this.outside()).map(({ file }) => file));
    const question = await this.sendMails();
    const run = await this.runOf(question);
    const card = await this.cardOf(run);
    this.finishPhase('draft and gate');
    if (!decides) return this.leaveToOperator(run, card);
    await this.approve(card);
    await this.follower.untilClosed(run.runId, RUN_WITHIN_MS);
    this.finishPhase('decide and send');
    const sent = await this.countSent(run.runId, before);
    const replay = await this.replay(run.runId);
    return this.conclude(run, sent, replay);
  }

  private async sendMails(): Promise<DemoMail> {
    const { output, environment } = this.surroundings;
    const operator = environment['SOLOIST_OPERATOR_ADDRESS'] ?? DEFAULT_OPERATOR;
    const [terms, question] = demoMails(operator);
    await this.send(terms, operator);
    // What the first mail states must be known before the second one asks for it, as it is in life.
    const { untilCalm } = await import('@soloist/host/installation');
    for (const service of ['orchestrator', 'memory']) await untilCalm(this.stage.instance, service, CALM_WITHIN_MS);
    await this.send(question, operator);
    this.finishPhase('mails in');
    output.line();
    return question;
  }

  private async send(mail: DemoMail, operator: string): Promise<void> {
    const { output } = this.surroundings;
    await submitMail(this.stage.smtp, { from: mail.from, to: [operator] }, mail.raw);
    output.json({ type: 'demo.mail-accepted', messageId: mail.messageId, subject: mail.subject });
    output.line(`mail in: "${mail.subject}" from ${mail.from}`);
  }

  private async runOf(mail: DemoMail): Promise<RunSummary> {
    const { derivedId } = await import('@soloist/eventlog');
    const run = await this.follower.runOf(derivedId('mail', mail.messageId), RUN_WITHIN_MS);
    return this.follower.untilDecisionNeeded(run.runId, RUN_WITHIN_MS);
  }

  private async cardOf(run: RunSummary): Promise<GateCard> {
    const { output } = this.surroundings;
    const [gateId] = run.openGates;
    if (gateId === undefined) throw new Failure('demo.no-gate', `the run ended as ${run.state} without asking for a decision: ${run.outcome ?? 'no reason on record'}`, `${this.stage.prefix}./soloist run show ${run.runId}`);
    const card = await this.stage.api.get<GateCard>(`/v1/gates/${gateId}`);
    output.json({ type: 'demo.gate', gate: card });
    output.line();
    for (const line of cardLines(card)) output.line(line);
    output.line();
    return card;
  }

  private leaveToOperator(run: RunSummary, { gateId, digest }: GateCard): number {
    const { output } = this.surroundings;
    const { prefix, paths, api, isOurs } = this.stage;
    const cli = `${prefix}./soloist gate approve ${gateId} --digest ${digest}`;
    const curl = `curl -sS -X POST ${api.url}/v1/gates/${gateId}/decision -H "Authorization: Bearer $(cat ${paths.apiToken})" -H 'Content-Type: application/json' -d '{"decision":"approve","digest":"${digest}"}'`;
    const stop = `${prefix}./soloist down`;
    output.json({ type: 'demo.waiting', runId: run.runId, gateId, digest, dataDir: paths.folder, api: api.url, approve: { cli, curl }, stop: isOurs ? stop : null });
    output.line('Nothing was sent. The mail waits for your decision; approve exactly this text:');
    output.line(`  ${cli}`);
    output.line('or');
    output.line(`  ${curl}`);
    output.message(`see what follows: ${prefix}./soloist run show ${run.runId}   and   ${prefix}./soloist mail list`);
    if (isOurs) output.message(`Soloist goes on in the background; stop it: ${stop}${this.stage.isTemporary ? `; then delete ${paths.folder}` : ''}`);
    return EXIT.waiting;
  }

  private async approve({ gateId, digest }: GateCard): Promise<void> {
    this.surroundings.output.message('--yes: the demo approves its own gate, with the digest it has shown');
    const outcome = await decide(this.stage.api, gateId, { decision: 'approve', digest, reason: 'approved by soloist demo --yes' });
    if (outcome.state !== 'approved') throw new Failure('demo.not-approved', `the gate is ${outcome.state} after the approval`, `${this.stage.prefix}./soloist gate show ${gateId}`, EXIT.conflict);
  }

  /** New mails outside that carry the Message-ID of this run's receipts. @throws Failure unless it is exactly one */
  private async countSent(runId: string, before: ReadonlySet<string>): Promise<number> {
    const { commits } = await this.follower.episode(runId);
    const receipts = commits.flatMap(({ events }) => events).filter(({ type }) => type === 'connectors.effect.succeeded');
    const ids = receipts.map(({ data }) => (data['receipt'] as { messageId?: unknown } | null)?.messageId);
    const fresh = (await this.outside()).filter(({ file }) => !before.has(file));
    const sent = fresh.filter(({ headers }) => headers !== null && ids.includes(headers.messageId));
    if (sent.length === 1 && receipts.length === 1) return sent.length;
    throw new Failure('demo.wrong-count', `expected one mail outside, found ${sent.length} with the Message-ID of ${receipts.length} receipts, among ${fresh.length} new ones`, `${this.stage.prefix}./soloist run show ${runId}`);
  }

  private async replay(runId: string): Promise<ReplayReport> {
    const { replayRun } = await import('@soloist/host');
    const report = await replayRun({ paths: this.stage.paths, runId, environment: this.stage.environment });
    this.finishPhase('replay');
    return report;
  }

  private async conclude(run: RunSummary, mailsSent: number, replay: ReplayReport): Promise<number> {
    const { output } = this.surroundings;
    const { commits } = await this.follower.episode(run.runId);
    const gates = commits.flatMap(({ events }) => events).filter(({ type }) => type === 'governance.gate.opened').length;
    const isFaithful = replay.divergences.length === 0 && replay.effects === 0 && replay.modelCalls === 0;
    const seconds = Math.round((performance.now() - this.started) / 10) / 100;
    output.line();
    output.line(`${mailsSent} mail sent, ${gates} decision asked for; replayed: ${replay.decisionsEqual} decisions equal, ${replay.divergences.length} different, ${replay.modelCalls} model calls, ${replay.effects} effects`);
    for (const { phase, seconds: took } of this.phases) output.line(`  ${phase.padEnd(16)} ${took.toFixed(2)} s`);
    output.line(`  ${'together'.padEnd(16)} ${seconds.toFixed(2)} s`);
    for (const divergence of replay.divergences) output.message(`different: ${JSON.stringify(divergence)}`);
    output.json({
      type: 'demo.finished',
      runId: run.runId,
      mailsSent,
      gates,
      replayedEffects: replay.effects,
      replayedModelCalls: replay.modelCalls,
      replayedEqual: replay.decisionsEqual,
      divergences: replay.divergences.length,
      phases: this.phases,
      seconds,
    });
    return isFaithful ? EXIT.ok : EXIT.failed;
  }

  private async outside(): Promise<Awaited<ReturnType<typeof import('@soloist/host/installation').listMail>>> {
    const { listMail } = await import('@soloist/host/installation');
    return listMail(this.stage.paths, 'outside');
  }

  private finishPhase(phase: string): void {
    const now = performance.now();
    this.phases.push({ phase, seconds: Math.round((now - this.since) / 10) / 100 });
    this.since = now;
  }
}
