/** How each guarantee is kept, in two lines, and which kept figures speak of it. The page is docs/guarantees.md. */
export interface Mechanism {
  readonly id: string;
  readonly how: string;
  /** `not-built` has no mechanism here; `partly` says in `how` what is missing. */
  readonly state: 'built' | 'partly' | 'not-built';
  /** Names of files in docs/figures. */
  readonly figures: readonly string[];
}

const built = (id: string, how: string, ...figures: string[]): Mechanism => ({ id, how, state: 'built', figures });
const partly = (id: string, how: string, ...figures: string[]): Mechanism => ({ id, how, state: 'partly', figures });
const notBuilt = (id: string, how: string): Mechanism => ({ id, how, state: 'not-built', figures: [] });

export const MECHANISMS: readonly Mechanism[] = [
  built('G1', 'The broker syncs every message (`sync_interval: always`); append answers only after its PubAck, or after it has read the commit back.', 'chaos', 'sim'),
  built('G2', 'As G1. The setting is pinned by a golden configuration and read back; power is cut under a broker on a loop-mounted disk (root), and a control without fsync must lose.', 'power-cut'),
  built('G3', 'A commit is one message that holds all events of one decision of one entity (ADR 0002).', 'sim', 'chaos'),
  built('G4', 'Each commit expects the last sequence of its subject and names the hash of the commit before it; a conflict is read again and decided again.', 'sim', 'chaos'),
  built('G5', 'Commit ids follow from cause, decider and subject; an unclear answer is read back and compared by id, writer and bytes.', 'sim', 'chaos'),
  built('G6', 'Rows and the position they reflect move in one transaction; state is the fold of the log; a delivery is acked after its work is on the log.', 'sim', 'chaos'),
  partly('G7', 'The key of an effect names its generation and is the Message-ID on the wire; mail has no keys of its own, so a repeat asks the world first. Key lifetimes of providers come with providers that have keys.', 'sim', 'chaos'),
  built('G8', 'The claim is on the log before the wire is touched; a claim without an outcome is unknown, stands behind a gate and is never sent again by itself.', 'sim', 'chaos'),
  partly('G9', 'A run waits for the outcome of what it asked for, or for a gate, and closes by the end of its loop. Compensations are not built.', 'sim'),
  built('G10', 'All facts of a run lie on one subject under a claimed epoch; connectors check epoch, episode and their own lease at the last moment (ADR 0006).', 'sim', 'chaos'),
  built('G11', 'One ledger entity reserves all lines of an envelope or none; inside it each call counts with its ceiling until an answer says less.', 'sim', 'chaos'),
  built('G12', 'Authorizations are signed by governance (Ed25519), name digest, epoch, stop and expiry, and are consumed by the claim on the log.', 'sim'),
  built('G13', 'Replay starts the services with ports that answer from the record, under a broker identity that may publish nothing of the log (ADR 0005).', 'sim'),
  built('G14', 'Domain code sees no clock, no random, no locale; prompts, ids and digests follow from the history alone.', 'sim'),
  built('G15', 'Projections are folds of commits; what was dropped and read again is compared table by table by checksum.'),
  notBuilt('G16', 'Edge nodes are not built. Subjects carry the site, and event streams refuse instead of dropping (`discard: new`).'),
  notBuilt('G17', 'Edge nodes are not built. Data classes are known to the policy, not yet to accounts and streams.'),
  built('G18', 'Poison gets a dead letter with reason and attempts before it is terminated; other keys do not wait for it (ADR 0010).'),
  built('G19', 'Each timer has a subject of its own; a firing carries no authority, and what follows from it is recognised by the timer’s id.', 'sim'),
  built('G20', 'Versions, epochs and sequences decide; a clock moves deadlines only, and nothing goes out by the clock alone.', 'sim'),
  built('G21', 'A refused append is a fault that is retried. The host watches health and free space of the store: intake says 452 below the guard; a broker frozen by a write error is killed once there is space and goes by its blocks, so that no sequence is left that nothing was stored under.', 'chaos'),
  built('G22', 'Hash chain per entity; heads over every message, signed each 1,000 messages and each minute in the keep, and in exports; positions with their hash in each projection. Compared at the start, after every reconnect and when heads are recorded; then refused.', 'corruption'),
  built('G23', 'One account for each service with exactly its subjects, generated from the access matrix; the matrix of rights is tried on a real broker (ADR 0003).'),
  partly('G24', 'Personal fields are sealed with a key for each data subject, kept apart from log and backups of the log (ADR 0004). Erasure over all stores as one command is not built.'),
  built('G25', 'Arming expects the stop of the run’s stream where it was read; a stop that lands first makes it fail, and nothing was sent.', 'stop-presses', 'sim', 'chaos'),
  built('G26', 'Events carry a version and an upcast; the stored bytes of every released version are archived and decoded by the code of today. Definition and policy are pinned for each run.'),
  partly('G27', 'Backup and restore are checked file by file and raise the incarnation; the restored log meets its heads. Open claims of before are looked up in the world, not sent.'),
  built('G28', 'Redelivery, leases, retries and sweepers; connections and pulls are renewed by a clock that only runs forwards; after each fault test every run must have ended or wait for a person.', 'sim', 'chaos'),
];
