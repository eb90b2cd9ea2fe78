/** What connectors refuse, and what fails between them and the world. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';
import { MAIL_ERRORS } from './mail-errors.js';
import { WEBHOOK_ERRORS } from './webhook-errors.js';

export const CONNECTORS_ERRORS = {
  ...MAIL_ERRORS,
  ...WEBHOOK_ERRORS,
  'effect.restored': {
    kind: 'unknown-outcome',
    meaning: 'The installation was brought back from a backup, and the outside cannot be asked whether the effect was done before. Nothing was sent.',
    remedy: 'Look outside, then decide at the gate: an approval sends it.',
  },
  'keep.incarnation-unreadable': {
    kind: 'invalid',
    meaning: 'The file that counts restores holds no number; connectors do not start.',
    remedy: 'Restore the keep from a backup.',
  },
  'command.invalid': {
    kind: 'invalid',
    meaning: 'A command breaks its contract.',
    remedy: 'Read the dead letter; the message names the field.',
  },
  'authorization.key-missing': {
    kind: 'transient',
    meaning: 'The public key of governance is not there yet; effects are held.',
    remedy: 'Wait for the first start of governance; check SOLOIST_SECRETS_DIR if it stays so.',
  },
  'authorization.key-unreadable': {
    kind: 'unauthorized',
    meaning: 'The file of the public key holds no Ed25519 key; effects are held.',
    remedy: "Restore the file from governance's key, or from a backup.",
  },
  'authorization.signature-invalid': {
    kind: 'rejection',
    meaning: 'The signature is not that of governance over this authorization. Nothing was sent.',
    remedy: 'Find out who wrote it: with the key in place this means a forgery or a foreign log.',
  },
  'authorization.other-run': {
    kind: 'rejection',
    meaning: 'The authorization names another run than the one it lies under. Nothing was sent.',
    remedy: 'Find out who wrote it; governance never does.',
  },
  'authorization.expired': {
    kind: 'rejection',
    meaning: 'The authorization was used after its end. Nothing was sent.',
    remedy: 'Send the request again to get a new decision.',
  },
  'authorization.epoch-stale': {
    kind: 'rejection',
    meaning: 'The run was taken over by another worker since. Nothing was sent.',
    remedy: 'Nothing: the new worker asks again.',
  },
  'authorization.before-stop': {
    kind: 'rejection',
    meaning: 'The company was stopped after this authorization was given. Nothing was sent.',
    remedy: 'Ask for a new decision.',
  },
  'authorization.used': {
    kind: 'rejection',
    meaning: 'The authorization was used before; each is good for one attempt.',
    remedy: 'Nothing: this is the protection against sending twice.',
  },
  'vault.cannot-open': {
    kind: 'unauthorized',
    meaning: 'A secret does not open with the key of the vault.',
    remedy: 'Set the secret again, or restore vault and key file together.',
  },
  'vault.key-missing': {
    kind: 'unauthorized',
    meaning: 'The key file is missing or does not hold the key the vault was sealed with.',
    remedy: 'Restore both files together, or set the secrets again.',
  },
  'vault.key-exposed': {
    kind: 'unauthorized',
    meaning: 'Other users of the machine can read the key file.',
    remedy: 'Run the chmod the message shows, then rotate the key.',
  },
  'vault.bad-name': {
    kind: 'invalid',
    meaning: 'The name of a secret is not of the allowed form.',
    remedy: 'Use a plain name as the message says.',
  },
  'vault.unreadable': {
    kind: 'unauthorized',
    meaning: 'The vault or its key file cannot be read or is damaged.',
    remedy: 'Fix its owner and mode, or restore it from a backup.',
  },
  'vault.locked': {
    kind: 'transient',
    meaning: 'Somebody else is changing the vault.',
    remedy: 'Wait; if nobody is, remove the lock file the message names.',
  },
  'effect.args-invalid': {
    kind: 'rejection',
    meaning: 'The arguments of the action are wrong. Nothing was sent.',
    remedy: 'Ask for the action again with correct ones.',
  },
  'effect.action-unknown': {
    kind: 'rejection',
    meaning: 'No connector does this action.',
    remedy: "Correct the agent's list of actions, or install the connector.",
  },
  'effect.class-differs': {
    kind: 'rejection',
    meaning: 'The action is of another effect class than was authorized. Nothing was sent.',
    remedy: 'Report it: catalog and connector disagree.',
  },
  'effect.digest-differs': {
    kind: 'rejection',
    meaning: 'What would go out is not what was authorized. Nothing was sent.',
    remedy: 'Report it; ask for a new decision.',
  },
  'effect.never-attempted': {
    kind: 'rejection',
    meaning: 'An outcome was reported of an effect that was never attempted.',
    remedy: 'Report it: this is a defect.',
  },
  'effect.settled': {
    kind: 'rejection',
    meaning: 'The outcome of the effect is on record already and does not change.',
    remedy: 'Nothing: the first outcome counts.',
  },
  'effect.generation-attempted': {
    kind: 'rejection',
    meaning: 'This generation of the effect was attempted before.',
    remedy: 'Nothing: a repeat needs a new decision, which makes the next generation.',
  },
  'effect.generation-superseded': {
    kind: 'rejection',
    meaning: 'A later generation of the effect was attempted already.',
    remedy: 'Nothing: the later one counts.',
  },
  'effect.already-succeeded': {
    kind: 'rejection',
    meaning: 'The effect has succeeded before; it is not done twice.',
    remedy: 'Nothing.',
  },
  'effect.refused-before': {
    kind: 'rejection',
    meaning: 'This generation was refused by an earlier look, and the run was told that nothing was done.',
    remedy: 'Nothing; if it is still wanted, have it asked for anew.',
  },
  'effect.in-doubt': {
    kind: 'rejection',
    meaning: 'An earlier attempt is not settled yet.',
    remedy: 'Wait for its outcome, or decide its gate.',
  },
  'effect.claim-too-old': {
    kind: 'transient',
    meaning: 'The way to the server took so long that another worker may hold the claim, or has settled it. Nothing was sent.',
    remedy: 'Nothing: it is tried again.',
  },
  'run.paused': {
    kind: 'transient',
    meaning: 'The operator has paused the run; its effect waits.',
    remedy: 'Resume it: ./soloist run resume ID.',
  },
  'effect.episode-contended': {
    kind: 'transient',
    meaning: 'The run was written to again and again during the claim. Nothing was sent.',
    remedy: 'Nothing: it is tried again.',
  },
  'effect.claimed-elsewhere': {
    kind: 'transient',
    meaning: 'Another worker holds the claim of this effect.',
    remedy: 'Nothing: its outcome is waited for.',
  },
  'effect.run-busy': {
    kind: 'transient',
    meaning: 'The run was written to during every look at it.',
    remedy: 'Nothing: it is tried again.',
  },
  'run.finished': {
    kind: 'rejection',
    meaning: 'The run has ended; nothing more is done for it.',
    remedy: 'Send the request again if the action is still wanted.',
  },
  'run.epoch-unknown': {
    kind: 'rejection',
    meaning: 'Nobody can tell whether the authorization is still of the run as it is. Nothing was sent.',
    remedy: 'Report it: the last commit of the run is damaged.',
  },
  'halt.raised': {
    kind: ['rejection', 'outcome'],
    meaning: 'The company is stopped; nothing new starts outside.',
    remedy: 'Lift the stop when you want it to go on.',
  },
} as const satisfies ErrorTable;
