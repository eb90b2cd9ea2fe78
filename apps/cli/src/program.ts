/** The grammar of the command line: `soloist <noun> <verb> [id] [--flags]`. Commands are loaded when they are called. */
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { asFailure, Failure } from './failure.js';
import { Output } from './output.js';
import type { Surroundings } from './surroundings.js';
import { soloistVersion } from './version.js';

/** Answers the exit code, or nothing for 0. */
type Run = (surroundings: Surroundings, options: Readonly<Record<string, unknown>>, ...words: string[]) => Promise<number | void>;

export async function runProgram(words: readonly string[]): Promise<void> {
  const isJson = words.includes('--json');
  const output = new Output(isJson, { out: process.stdout, err: process.stderr, environment: process.env });
  const surroundings: Surroundings = {
    output,
    environment: process.env,
    version: soloistVersion(),
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    stdin: process.stdin,
  };
  try {
    await grammar(surroundings).parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      if (error.exitCode !== 0 && isJson) output.failure(new Failure('cli.usage', error.message.replace(/^error: /, ''), './soloist --help', EXIT.usage));
      return;
    }
    const failure = asFailure(error);
    output.failure(failure);
    if (failure.code === 'cli.unexpected' && (process.env['SOLOIST_LOG_LEVEL'] ?? '') === 'debug') output.log((failure.cause as Error).stack ?? '');
    process.exitCode = failure.exitCode;
  }
}

function grammar(surroundings: Surroundings): Command {
  const { isJson } = surroundings.output;
  const root = new Command('soloist');
  root
    .description('An agent operating system for a company of one.')
    .version(surroundings.version, '-V, --version')
    .option('--json', 'JSON on standard output, for every command')
    .configureOutput({ writeErr: (text) => (isJson ? undefined : process.stderr.write(text)) })
    .exitOverride()
    .showHelpAfterError('(./soloist --help lists the commands)');
  const add = (parent: Command, usage: string, about: string, load: () => Promise<Run>): Command => {
    const command = parent.command(usage).description(about).option('--json', 'JSON on standard output');
    command.copyInheritedSettings(parent);
    return command.action(async (...given: unknown[]) => {
      const called = given.at(-1) as Command;
      const run = await load();
      const code = await run(surroundings, called.opts(), ...called.processedArgs.map((word) => (word === undefined ? '' : String(word))));
      if (typeof code === 'number') process.exitCode = code;
    });
  };
  addHost(root, add);
  addRun(noun(root, 'run', 'Runs: what agents did and do'), add);
  addProgram(noun(root, 'program', 'Programs: code of your own whose steps are durable'), add);
  add(root, 'why <id>', 'Why something was done, back to what came in: id of a run, effect, gate or commit, or a Message-ID', async () => (await import('./commands/why.js')).whyCommand);
  addGate(noun(root, 'gate', 'Gates: what waits for your decision'), add);
  addAgent(noun(root, 'agent', 'Agents, as they are defined'), add);
  addPolicy(noun(root, 'policy', 'The policy: what may go, what is asked about, what is refused'), add);
  addBudget(noun(root, 'budget', 'Budget lines: what may be spent and used, by whom, in which period'), add);
  addCost(root, add);
  addMail(noun(root, 'mail', 'The sandbox mailbox'), add);
  addDead(noun(root, 'dead', 'Dead letters: what no service could work on'), add);
  addToken(noun(root, 'token', 'Tokens of the API for others than you: what each may do, until when'), add);
  addWebhook(noun(root, 'webhook', 'Webhooks: where notices of gates are posted'), add);
  addNotify(noun(root, 'notify', 'Mails to you about gates: reminders and a daily digest'), add);
  addLog(noun(root, 'log', 'The log itself'), add);
  addAudit(noun(root, 'audit', 'Audit packages: what was done outside, with its proof, for somebody who has nothing but Node'), add);
  addBackup(root, add);
  add(root, 'version', 'The version', async () => async ({ output, version }) => {
    output.line(version);
    output.json({ type: 'version', version, node: process.versions.node });
  });
  return root;
}

type Add = (parent: Command, usage: string, about: string, load: () => Promise<Run>) => Command;

function noun(root: Command, name: string, about: string): Command {
  const command = root.command(name).description(about);
  command.copyInheritedSettings(root);
  return command;
}

function addHost(root: Command, add: Add): void {
  add(root, 'up', 'Start everything', async () => (await import('./commands/up.js')).upCommand)
    .option('--detach', 'return when everything is ready; it goes on in the background')
    .option('--split', 'five service processes instead of one')
    .option('--port <number>', 'port of the API; fails when it is taken');
  add(root, 'down', 'Stop everything', async () => (await import('./commands/down.js')).downCommand);
  add(root, 'status', 'What runs, and where', async () => (await import('./commands/status.js')).statusCommand);
  add(root, 'demo', 'Two mails, one answer, one decision: the whole loop in a minute', async () => (await import('./commands/demo.js')).demoCommand)
    .option('--yes', 'decide the demo\'s own gate by itself; it answers no other')
    .option('--split', 'five service processes instead of one')
    .option('--keep', 'use the data folder of this installation instead of a temporary one');
  add(root, 'stop', 'Stop the company: nothing new starts outside', async () => (await import('./commands/stop.js')).stopCommand).option('--because <text>', 'kept on the record');
  add(root, 'resume', 'Lift the company stop', async () => (await import('./commands/stop.js')).resumeCommand).option('--because <text>', 'kept on the record');
  add(root, 'doctor [check]', 'Look for what is wrong', async () => (await import('./commands/doctor.js')).doctorCommand);
}

function addRun(run: Command, add: Add): void {
  add(run, 'list', 'Newest first', async () => (await import('./commands/run.js')).runListCommand)
    .option('--state <state>', 'only runs in this state')
    .option('--limit <number>', 'at most this many', '50');
  add(run, 'show <id>', 'One run and what happened in it', async () => (await import('./commands/run.js')).runShowCommand);
  add(run, 'cancel <id>', 'End a run, in whatever state it is; what it may have spent is charged', async () => (await import('./commands/run.js')).runCancelCommand)
    .option('--reason <text>', 'kept with the run');
  add(run, 'send <id> <event>', 'Send the run of a program an event that it waits for, or will', async () => (await import('./commands/program.js')).runSendCommand)
    .option('--input <json>', 'what the event carries: JSON, or @FILE')
    .option('--key <key>', 'what it is known by: the same key again is the same event');
  add(run, 'pause <id>', 'Hold a run: no new model call, no new effect, no new step', async () => (await import('./commands/override.js')).pauseCommand).option('--because <text>', 'kept with the run');
  add(run, 'resume <id>', 'Let it go on where it was', async () => (await import('./commands/override.js')).resumeRunCommand).option('--because <text>', 'kept with the run');
  add(run, 'take <id>', 'Take a run over: it rests until you have done the step', async () => (await import('./commands/override.js')).takeCommand).option('--because <text>', 'kept with the run');
  add(run, 'answer <id> <text>', 'Do the step of a run you have taken over; it ends with your answer', async () => (await import('./commands/override.js')).answerCommand);
  add(run, 'pin <id>', 'Pin the agent of a run to the version that the run has', async () => (await import('./commands/agent.js')).runPinCommand)
    .option('--because <text>', 'kept on the record');
  add(run, 'replay <id>', 'Decide everything again from the log: no model is called, nothing goes out', async () => (await import('./commands/replay.js')).replayCommand);
}

function addProgram(program: Command, add: Add): void {
  add(program, 'list', 'Those that workers have registered', async () => (await import('./commands/program.js')).programListCommand);
  add(program, 'start <name>', 'Start a run of a program', async () => (await import('./commands/program.js')).programStartCommand)
    .option('--input <json>', 'what it is given: JSON, or @FILE')
    .option('--key <key>', 'what the run is known by: the same key again is the same run')
    .option('--program-version <version>', 'a version other than the newest')
    .option('--subject <id>', 'whose data it is about; default: the operator');
}

function addGate(gate: Command, add: Add): void {
  add(gate, 'list', 'Oldest first', async () => (await import('./commands/gate.js')).gateListCommand)
    .option('--state <state>', 'open, approved, rejected, expired or all', 'open');
  add(gate, 'show <id>', 'The card: exactly what is decided about', async () => (await import('./commands/gate.js')).gateShowCommand);
  add(gate, 'link <id>', 'A link for the phone: it opens the page of this gate; whoever holds it can decide there', async () => (await import('./commands/gate.js')).gateLinkCommand);
  add(gate, 'snooze <id> <hours>', 'Not to be reminded for so many hours; the end of the gate does not move', async () => (await import('./commands/gate.js')).gateSnoozeCommand);
  for (const verb of ['approve', 'reject'] as const) {
    const command = add(gate, `${verb} <id>`, verb === 'approve' ? 'Let it happen' : 'Do not let it happen', async () => {
      const { decideCommand } = await import('./commands/decide.js');
      return (surroundings, options, id) => decideCommand(surroundings, options, verb, id ?? '');
    })
      .option('--digest <digest>', 'what you decide about; without it the card is read and shown, and its digest sent')
      .option('--reason <text>', 'kept with the decision');
    if (verb === 'approve') command.option('--edit <file>', 'approve with the arguments of this JSON file in place of those that were asked for');
  }
}

function addAgent(agent: Command, add: Add): void {
  add(agent, 'list', 'The agents in force', async () => (await import('./commands/agent.js')).agentListCommand);
  add(agent, 'pin <name> <version>', 'New runs take this version, whatever is published, until it is unpinned', async () => (await import('./commands/agent.js')).agentPinCommand)
    .option('--because <text>', 'kept on the record');
  add(agent, 'unpin <name>', 'New runs take the latest version again', async () => (await import('./commands/agent.js')).agentUnpinCommand)
    .option('--because <text>', 'kept on the record');
  add(agent, 'check <file>', 'Check a definition', async () => (await import('./commands/agent.js')).agentCheckCommand);
}

function addPolicy(policy: Command, add: Add): void {
  add(policy, 'show', 'The policy in force', async () => (await import('./commands/policy.js')).policyShowCommand);
  add(policy, 'diff <file>', 'What would change if a file replaced it', async () => (await import('./commands/policy.js')).policyDiffCommand);
  add(policy, 'try <file>', 'Judge what recent runs asked for again, under a file; nothing is changed', async () => (await import('./commands/policy.js')).policyTryCommand)
    .option('--runs <number>', 'how many of the latest runs', '100');
  add(policy, 'apply <file>', 'Put a file into force for runs that start from now on', async () => (await import('./commands/policy.js')).policyApplyCommand);
  add(policy, 'replay <file>', 'Judge recorded trajectories (JSON Lines; - reads standard input), one verdict a call', async () => (await import('./commands/policy.js')).policyReplayCommand)
    .option('--policy <file>', 'the policy to judge by; default: by provenance');
}

function addBudget(budget: Command, add: Add): void {
  add(budget, 'list', 'Every line with what is used and reserved now', async () => (await import('./commands/budget.js')).budgetListCommand);
  add(budget, 'show <line>', 'One line, for each name it counts', async () => (await import('./commands/budget.js')).budgetShowCommand);
  add(budget, 'set <line> <limit>', 'Set a line: an amount such as 2.50 for money, a whole number else; none takes it away', async () => (await import('./commands/budget.js')).budgetSetCommand)
    .option('--mode <mode>', 'soft warns, hard refuses, ask waits for you', 'hard');
  add(budget, 'asks', 'Runs that would pass a line of the mode ask', async () => (await import('./commands/budget.js')).budgetAsksCommand);
  for (const verb of ['extend', 'refuse'] as const) {
    add(budget, `${verb} <run>`, verb === 'extend' ? 'Let a run pass the lines it asks about, by what is missing' : 'Do not let it', async () => {
      const { budgetDecideCommand } = await import('./commands/budget.js');
      return (surroundings, options, id) => budgetDecideCommand(surroundings, options, verb, id ?? '');
    }).option('--because <text>', 'kept on the record');
  }
  add(budget, 'correct <run> <amount>', 'Book what a bill says a run really cost', async () => (await import('./commands/budget.js')).budgetCorrectCommand)
    .requiredOption('--because <text>', 'which bill; kept on the record');
}

function addCost(root: Command, add: Add): void {
  add(root, 'cost', 'What model calls cost', async () => (await import('./commands/cost.js')).costCommand)
    .option('--by <key>', 'agent, version, feature, workflow, client, model, price or day', 'agent')
    .option('--since <day>', 'from this UTC day on, such as 2026-11-24');
}

function addMail(mail: Command, add: Add): void {
  add(mail, 'send <file>', 'Hand a mail (RFC 5322; - reads standard input) to the intake', async () => (await import('./commands/mail.js')).mailSendCommand)
    .option('--to <address>', 'envelope recipient; default: the addresses in the mail')
    .option('--from <address>', 'envelope sender; default: the address in the mail');
  add(mail, 'list', 'What lies in the sandbox mailbox', async () => (await import('./commands/mail.js')).mailListCommand)
    .option('--box <box>', 'operator: what came in; outside: what was sent to the world', 'outside');
}

function addDead(dead: Command, add: Add): void {
  add(dead, 'list', 'Oldest first', async () => (await import('./commands/dead.js')).deadListCommand)
    .option('--state <state>', 'open, redelivered, discarded or all', 'open');
  add(dead, 'show <id>', 'One letter and what became of it', async () => (await import('./commands/dead.js')).deadShowCommand);
  add(dead, 'retry <id>', 'Hand it over once more, after you put right what was wrong', async () => (await import('./commands/dead.js')).deadRetryCommand);
  add(dead, 'discard <id>', 'Close it without handing it over', async () => (await import('./commands/dead.js')).deadDiscardCommand)
    .option('--reason <text>', 'kept with the letter');
}

function addToken(token: Command, add: Add): void {
  add(token, 'create <name>', 'Make a token; it is printed this once', async () => (await import('./commands/token.js')).tokenCreateCommand)
    .requiredOption('--scope <scopes>', 'read, decide, operate, admin; several with commas. None includes another')
    .option('--expires <time>', 'its end, such as 30d, 12h or 45m from now; without it there is none');
  add(token, 'list', 'Every token made so far; none in clear', async () => (await import('./commands/token.js')).tokenListCommand);
  add(token, 'revoke <name>', 'End a token at once', async () => (await import('./commands/token.js')).tokenRevokeCommand);
}

function addWebhook(webhook: Command, add: Add): void {
  add(webhook, 'list', 'Every webhook, and how it goes', async () => (await import('./commands/webhook.js')).webhookListCommand);
  add(webhook, 'add <address>', 'Post notices of gates there from now on; prints the secret they are signed with, this once', async () => (await import('./commands/webhook.js')).webhookAddCommand)
    .option('--types <types>', 'gate.opened, gate.reminded, gate.escalated, gate.decided, gate.expired; several with commas. Default: all')
    .option('--reach <reach>', 'public: https to public addresses; private: those of private networks too; loopback: this machine only, http too', 'public');
  add(webhook, 'remove <id>', 'Post nothing there any more, and forget its secret', async () => (await import('./commands/webhook.js')).webhookRemoveCommand);
  add(webhook, 'test <id>', 'Post one message there now, and say whether it was taken', async () => (await import('./commands/webhook.js')).webhookTestCommand);
}

function addNotify(notify: Command, add: Add): void {
  add(notify, 'show', 'What is mailed to you, where to, and how it goes', async () => (await import('./commands/notify.js')).notifyShowCommand);
  add(notify, 'set <address>', 'Have it mailed to this address from now on, in place of what was set before', async () => (await import('./commands/notify.js')).notifySetCommand)
    .option('--reminders <state>', 'on: reminders and escalations of gates; off', 'on')
    .option('--digest <time>', 'a digest at this time of day, such as 08:00; without it, or with off, none')
    .option('--zone <zone>', "the digest's time zone, such as Europe/Berlin; default: this machine's");
  add(notify, 'test', 'Mail one message now, and say whether the mail server took it', async () => (await import('./commands/notify.js')).notifyTestCommand);
  add(notify, 'off', 'Mail nothing any more', async () => (await import('./commands/notify.js')).notifyOffCommand);
}

function addLog(log: Command, add: Add): void {
  add(log, 'verify', 'Prove that nothing on the log was changed, cut or put in', async () => (await import('./commands/log.js')).logVerifyCommand)
    .option('--file <file>', 'an export instead of the running log; needs no broker and no keys')
    .option('--keep <folder>', 'with --file: a keep whose recorded heads the file must meet')
    .option('--key <file>', 'with --file: the public key of the log (keep/log-signing.pub), which must have signed the file');
  add(log, 'export <file>', 'Everything on the log as JSON Lines, personal fields sealed', async () => (await import('./commands/log.js')).logExportCommand)
    .option('--cloudevents', 'as CloudEvents, one a line; such a file cannot be verified');
}

function addAudit(audit: Command, add: Add): void {
  const also = (id: string, before: readonly string[]): readonly string[] => [...before, id];
  add(audit, 'export', 'Statements of acts with the commits they rest on, and the verifier beside them; personal text stays sealed', async () => (await import('./commands/audit.js')).auditExportCommand)
    .requiredOption('--out <folder>', 'a new or empty folder; a name that ends in .jsonl: that file alone')
    .option('--since <date>', 'from this UTC day or moment on, such as 2026-11-24')
    .option('--until <date>', 'up to the end of this UTC day, or before this moment')
    .option('--run <id>', 'only acts of this run; may be given again', also, [])
    .option('--act <id>', 'only this act; may be given again', also, [])
    .option('--complete', 'every commit of the range goes in, so that no act can be missing')
    .option('--open', 'the arguments in clear: to whom, and what was said');
  add(audit, 'verify <package>', 'Check a package (folder or .jsonl) with the verifier that it carries; needs no installation', async () => (await import('./commands/audit.js')).auditVerifyCommand)
    .option('--key <file>', 'the public key of the log (keep/log-signing.pub), as you were given it; default: the one in the package');
}

function addBackup(root: Command, add: Add): void {
  add(root, 'backup <folder>', 'Copy a stopped installation: log and keys in parts of their own', async () => (await import('./commands/backup.js')).backupCommand);
  add(root, 'restore <folder>', 'Bring a backup back, in an empty data folder', async () => (await import('./commands/backup.js')).restoreCommand)
    .option('--keys <folder>', 'the part keys of another backup, so that who was erased since stays erased');
}
