/** What runs, what is on the log, and what becomes of both. */
import type { Command } from 'commander';
import type { Add } from './add.js';

export function addHost(root: Command, add: Add): void {
  add(root, 'up', 'Start everything', async () => (await import('../commands/up.js')).upCommand)
    .option('--detach', 'return when everything is ready; it goes on in the background')
    .option('--split', 'five service processes instead of one')
    .option('--port <number>', 'port of the API; fails when it is taken');
  add(root, 'down', 'Stop everything', async () => (await import('../commands/down.js')).downCommand);
  add(root, 'status', 'What runs, and where', async () => (await import('../commands/status.js')).statusCommand);
  add(root, 'demo', 'Two mails, one answer, one decision: the whole loop in a minute', async () => (await import('../commands/demo.js')).demoCommand)
    .option('--yes', 'decide the demo\'s own gate by itself; it answers no other')
    .option('--split', 'five service processes instead of one')
    .option('--keep', 'use the data folder of this installation instead of a temporary one');
  add(root, 'stop', 'Stop the company: nothing new starts outside', async () => (await import('../commands/stop.js')).stopCommand).option('--because <text>', 'kept on the record');
  add(root, 'resume', 'Lift the company stop', async () => (await import('../commands/stop.js')).resumeCommand).option('--because <text>', 'kept on the record');
  add(root, 'doctor [check]', 'Look for what is wrong', async () => (await import('../commands/doctor.js')).doctorCommand);
}

export function addRun(run: Command, add: Add): void {
  add(run, 'list', 'Newest first', async () => (await import('../commands/run.js')).runListCommand)
    .option('--state <state>', 'only runs in this state')
    .option('--limit <number>', 'at most this many', '50');
  add(run, 'show <id>', 'One run and what happened in it', async () => (await import('../commands/run.js')).runShowCommand);
  add(run, 'cancel <id>', 'End a run, in whatever state it is; what it may have spent is charged', async () => (await import('../commands/run.js')).runCancelCommand)
    .option('--reason <text>', 'kept with the run');
  add(run, 'send <id> <event>', 'Send the run of a program an event that it waits for, or will', async () => (await import('../commands/program.js')).runSendCommand)
    .option('--input <json>', 'what the event carries: JSON, or @FILE')
    .option('--key <key>', 'what it is known by: the same key again is the same event');
  add(run, 'pause <id>', 'Hold a run: no new model call, no new effect, no new step', async () => (await import('../commands/override.js')).pauseCommand).option('--because <text>', 'kept with the run');
  add(run, 'resume <id>', 'Let it go on where it was', async () => (await import('../commands/override.js')).resumeRunCommand).option('--because <text>', 'kept with the run');
  add(run, 'take <id>', 'Take a run over: it rests until you have done the step', async () => (await import('../commands/override.js')).takeCommand).option('--because <text>', 'kept with the run');
  add(run, 'answer <id> <text>', 'Do the step of a run you have taken over; it ends with your answer', async () => (await import('../commands/override.js')).answerCommand);
  add(run, 'pin <id>', 'Pin the agent of a run to the version that the run has', async () => (await import('../commands/agent.js')).runPinCommand)
    .option('--because <text>', 'kept on the record');
  add(run, 'replay <id>', 'Decide everything again from the log: no model is called, nothing goes out', async () => (await import('../commands/replay.js')).replayCommand);
}

export function addProgram(program: Command, add: Add): void {
  add(program, 'list', 'Those that workers have registered', async () => (await import('../commands/program.js')).programListCommand);
  add(program, 'start <name>', 'Start a run of a program', async () => (await import('../commands/program.js')).programStartCommand)
    .option('--input <json>', 'what it is given: JSON, or @FILE')
    .option('--key <key>', 'what the run is known by: the same key again is the same run')
    .option('--program-version <version>', 'a version other than the newest')
    .option('--subject <id>', 'whose data it is about; default: the operator');
}

export function addMail(mail: Command, add: Add): void {
  add(mail, 'send <file>', 'Hand a mail (RFC 5322; - reads standard input) to the intake', async () => (await import('../commands/mail.js')).mailSendCommand)
    .option('--to <address>', 'envelope recipient; default: the addresses in the mail')
    .option('--from <address>', 'envelope sender; default: the address in the mail');
  add(mail, 'list', 'What lies in the sandbox mailbox', async () => (await import('../commands/mail.js')).mailListCommand)
    .option('--box <box>', 'operator: what came in; outside: what was sent to the world', 'outside');
}

export function addDead(dead: Command, add: Add): void {
  add(dead, 'list', 'Oldest first', async () => (await import('../commands/dead.js')).deadListCommand)
    .option('--state <state>', 'open, redelivered, discarded or all', 'open');
  add(dead, 'show <id>', 'One letter and what became of it', async () => (await import('../commands/dead.js')).deadShowCommand);
  add(dead, 'retry <id>', 'Hand it over once more, after you put right what was wrong', async () => (await import('../commands/dead.js')).deadRetryCommand);
  add(dead, 'discard <id>', 'Close it without handing it over', async () => (await import('../commands/dead.js')).deadDiscardCommand)
    .option('--reason <text>', 'kept with the letter');
}

export function addLog(log: Command, add: Add): void {
  add(log, 'verify', 'Prove that nothing on the log was changed, cut or put in', async () => (await import('../commands/log.js')).logVerifyCommand)
    .option('--file <file>', 'an export instead of the running log; needs no broker and no keys')
    .option('--keep <folder>', 'with --file: a keep whose recorded heads the file must meet')
    .option('--key <file>', 'with --file: the public key of the log (keep/log-signing.pub), which must have signed the file');
  add(log, 'export <file>', 'Everything on the log as JSON Lines, personal fields sealed', async () => (await import('../commands/log.js')).logExportCommand)
    .option('--cloudevents', 'as CloudEvents, one a line; such a file cannot be verified');
}

export function addAudit(audit: Command, add: Add): void {
  const also = (id: string, before: readonly string[]): readonly string[] => [...before, id];
  add(audit, 'export', 'Statements of acts with the commits they rest on, and the verifier beside them; personal text stays sealed', async () => (await import('../commands/audit.js')).auditExportCommand)
    .requiredOption('--out <folder>', 'a new or empty folder; a name that ends in .jsonl: that file alone')
    .option('--since <date>', 'from this UTC day or moment on, such as 2026-11-24')
    .option('--until <date>', 'up to the end of this UTC day, or before this moment')
    .option('--run <id>', 'only acts of this run; may be given again', also, [])
    .option('--act <id>', 'only this act; may be given again', also, [])
    .option('--complete', 'every commit of the range goes in, so that no act can be missing')
    .option('--open', 'the arguments in clear: to whom, and what was said');
  add(audit, 'verify <package>', 'Check a package (folder or .jsonl) with the verifier that it carries; needs no installation', async () => (await import('../commands/audit.js')).auditVerifyCommand)
    .option('--key <file>', 'the public key of the log (keep/log-signing.pub), as you were given it; default: the one in the package');
}

export function addBackup(root: Command, add: Add): void {
  add(root, 'backup <folder>', 'Copy a stopped installation: log and keys in parts of their own', async () => (await import('../commands/backup.js')).backupCommand);
  add(root, 'restore <folder>', 'Bring a backup back, in an empty data folder', async () => (await import('../commands/backup.js')).restoreCommand)
    .option('--keys <folder>', 'the part keys of another backup, so that who was erased since stays erased');
}
