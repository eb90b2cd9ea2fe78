/** The grammar of the command line: `soloist <noun> <verb> [id] [--flags]`. Commands are loaded when they are called. */
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { asFailure, Failure } from './failure.js';
import { Output } from './output.js';
import type { Run } from './grammar/add.js';
import { addAgent, addBudget, addCost, addGate, addNotify, addPolicy, addToken, addWebhook } from './grammar/governing.js';
import { addAudit, addBackup, addDead, addHost, addLog, addMail, addProgram, addRun } from './grammar/running.js';
import type { Surroundings } from './surroundings.js';
import { soloistVersion } from './version.js';

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

function noun(root: Command, name: string, about: string): Command {
  const command = root.command(name).description(about);
  command.copyInheritedSettings(root);
  return command;
}
