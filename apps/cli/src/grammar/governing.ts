/** What the operator decides, allows and is told of. */
import type { Command } from 'commander';
import type { Add } from './add.js';

export function addGate(gate: Command, add: Add): void {
  add(gate, 'list', 'Oldest first', async () => (await import('../commands/gate.js')).gateListCommand)
    .option('--state <state>', 'open, approved, rejected, expired or all', 'open');
  add(gate, 'show <id>', 'The card: exactly what is decided about', async () => (await import('../commands/gate.js')).gateShowCommand);
  add(gate, 'link <id>', 'A link for the phone: it opens the page of this gate; whoever holds it can decide there', async () => (await import('../commands/gate.js')).gateLinkCommand);
  add(gate, 'snooze <id> <hours>', 'Not to be reminded for so many hours; the end of the gate does not move', async () => (await import('../commands/gate.js')).gateSnoozeCommand);
  for (const verb of ['approve', 'reject'] as const) {
    const command = add(gate, `${verb} <id>`, verb === 'approve' ? 'Let it happen' : 'Do not let it happen', async () => {
      const { decideCommand } = await import('../commands/decide.js');
      return (surroundings, options, id) => decideCommand(surroundings, options, verb, id ?? '');
    })
      .option('--digest <digest>', 'what you decide about; without it the card is read and shown, and its digest sent')
      .option('--reason <text>', 'kept with the decision');
    if (verb === 'approve') command.option('--edit <file>', 'approve with the arguments of this JSON file in place of those that were asked for');
  }
}

export function addAgent(agent: Command, add: Add): void {
  add(agent, 'list', 'The agents in force', async () => (await import('../commands/agent.js')).agentListCommand);
  add(agent, 'pin <name> <version>', 'New runs take this version, whatever is published, until it is unpinned', async () => (await import('../commands/agent.js')).agentPinCommand)
    .option('--because <text>', 'kept on the record');
  add(agent, 'unpin <name>', 'New runs take the latest version again', async () => (await import('../commands/agent.js')).agentUnpinCommand)
    .option('--because <text>', 'kept on the record');
  add(agent, 'check <file>', 'Check a definition', async () => (await import('../commands/agent.js')).agentCheckCommand);
}

export function addPolicy(policy: Command, add: Add): void {
  add(policy, 'show', 'The policy in force', async () => (await import('../commands/policy.js')).policyShowCommand);
  add(policy, 'diff <file>', 'What would change if a file replaced it', async () => (await import('../commands/policy.js')).policyDiffCommand);
  add(policy, 'try <file>', 'Judge what recent runs asked for again, under a file; nothing is changed', async () => (await import('../commands/policy.js')).policyTryCommand)
    .option('--runs <number>', 'how many of the latest runs', '100');
  add(policy, 'apply <file>', 'Put a file into force for runs that start from now on', async () => (await import('../commands/policy.js')).policyApplyCommand);
  add(policy, 'replay <file>', 'Judge recorded trajectories (JSON Lines; - reads standard input), one verdict a call', async () => (await import('../commands/policy.js')).policyReplayCommand)
    .option('--policy <file>', 'the policy to judge by; default: by provenance');
}

export function addBudget(budget: Command, add: Add): void {
  add(budget, 'list', 'Every line with what is used and reserved now', async () => (await import('../commands/budget.js')).budgetListCommand);
  add(budget, 'show <line>', 'One line, for each name it counts', async () => (await import('../commands/budget.js')).budgetShowCommand);
  add(budget, 'set <line> <limit>', 'Set a line: an amount such as 2.50 for money, a whole number else; none takes it away', async () => (await import('../commands/budget.js')).budgetSetCommand)
    .option('--mode <mode>', 'soft warns, hard refuses, ask waits for you', 'hard');
  add(budget, 'asks', 'Runs that would pass a line of the mode ask', async () => (await import('../commands/budget.js')).budgetAsksCommand);
  for (const verb of ['extend', 'refuse'] as const) {
    add(budget, `${verb} <run>`, verb === 'extend' ? 'Let a run pass the lines it asks about, by what is missing' : 'Do not let it', async () => {
      const { budgetDecideCommand } = await import('../commands/budget.js');
      return (surroundings, options, id) => budgetDecideCommand(surroundings, options, verb, id ?? '');
    }).option('--because <text>', 'kept on the record');
  }
  add(budget, 'correct <run> <amount>', 'Book what a bill says a run really cost', async () => (await import('../commands/budget.js')).budgetCorrectCommand)
    .requiredOption('--because <text>', 'which bill; kept on the record');
}

export function addCost(root: Command, add: Add): void {
  add(root, 'cost', 'What model calls cost', async () => (await import('../commands/cost.js')).costCommand)
    .option('--by <key>', 'agent, version, feature, workflow, client, model, price or day', 'agent')
    .option('--since <day>', 'from this UTC day on, such as 2026-11-24');
}

export function addToken(token: Command, add: Add): void {
  add(token, 'create <name>', 'Make a token; it is printed this once', async () => (await import('../commands/token.js')).tokenCreateCommand)
    .requiredOption('--scope <scopes>', 'read, decide, operate, admin; several with commas. None includes another')
    .option('--expires <time>', 'its end, such as 30d, 12h or 45m from now; without it there is none');
  add(token, 'list', 'Every token made so far; none in clear', async () => (await import('../commands/token.js')).tokenListCommand);
  add(token, 'revoke <name>', 'End a token at once', async () => (await import('../commands/token.js')).tokenRevokeCommand);
}

export function addWebhook(webhook: Command, add: Add): void {
  add(webhook, 'list', 'Every webhook, and how it goes', async () => (await import('../commands/webhook.js')).webhookListCommand);
  add(webhook, 'add <address>', 'Post notices of gates there from now on; prints the secret they are signed with, this once', async () => (await import('../commands/webhook.js')).webhookAddCommand)
    .option('--types <types>', 'gate.opened, gate.reminded, gate.escalated, gate.decided, gate.expired; several with commas. Default: all')
    .option('--reach <reach>', 'public: https to public addresses; private: those of private networks too; loopback: this machine only, http too', 'public');
  add(webhook, 'rotate <id>', 'A new secret, printed this once; the old one signs beside it while you change the receiver', async () => (await import('../commands/webhook.js')).webhookRotateCommand)
    .option('--overlap <hours>', 'for so long both sign; 0 when the old one has become known to others', '24');
  add(webhook, 'remove <id>', 'Post nothing there any more, and forget its secret', async () => (await import('../commands/webhook.js')).webhookRemoveCommand);
  add(webhook, 'test <id>', 'Post one message there now, and say whether it was taken', async () => (await import('../commands/webhook.js')).webhookTestCommand);
}

export function addNotify(notify: Command, add: Add): void {
  add(notify, 'show', 'What is mailed to you, where to, and how it goes', async () => (await import('../commands/notify.js')).notifyShowCommand);
  add(notify, 'set <address>', 'Have it mailed to this address from now on, in place of what was set before', async () => (await import('../commands/notify.js')).notifySetCommand)
    .option('--reminders <state>', 'on: reminders and escalations of gates; off', 'on')
    .option('--digest <time>', 'a digest at this time of day, such as 08:00; without it, or with off, none')
    .option('--zone <zone>', "the digest's time zone, such as Europe/Berlin; default: this machine's");
  add(notify, 'test', 'Mail one message now, and say whether the mail server took it', async () => (await import('../commands/notify.js')).notifyTestCommand);
  add(notify, 'off', 'Mail nothing any more', async () => (await import('../commands/notify.js')).notifyOffCommand);
}
