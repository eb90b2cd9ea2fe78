/** An installation that was brought back from a backup: what the life before it did outside is not on its log. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIncarnation } from '../adapters/incarnation-file.js';
import { mailboxRoot } from '../connectors.js';
import { goodAuthorization, openRig, runIdOf, typesOf, type Rig } from '../connectors.fixture.js';
import { startFaultSmtpServer } from '../connectors/mail/smtp-fault.fixture.js';

const runId = runIdOf('one');
let before: Rig;
let after: Rig;

beforeEach(async () => {
  [before, after] = await Promise.all([openRig(), openRig()]);
  await mkdir(after.config.keepFolder, { recursive: true });
  await writeFile(join(after.config.keepFolder, 'incarnation'), '2\n');
});
afterEach(() => Promise.all([before.close(), after.close()]));

describe('[G27] [G8] after a restore', () => {
  it('a gate that was open at the time of the backup and is approved again: the mail is found outside and not sent twice', async () => {
    // The life that the backup does not know: approved, sent.
    const first = await before.start();
    await before.authorize(goodAuthorization(before, runId));
    await before.untilSettled(runId);
    await first.stop();
    await cp(mailboxRoot(before.folder), mailboxRoot(after.folder), { recursive: true });
    await after.start();
    await after.authorize(goodAuthorization(after, runId));
    const said = await after.untilSettled(runId);
    expect(typesOf(said)).toEqual(['attempted', 'armed', 'succeeded']);
    expect(said.at(-1)?.data).toMatchObject({ knownBy: 'reconciled', receipt: { deliveries: 1 } });
    expect(await after.sent(goodAuthorization(after, runId))).toHaveLength(1);
  });

  it('what is not to be found outside is sent, once', async () => {
    await after.start();
    await after.authorize(goodAuthorization(after, runId));
    expect((await after.untilSettled(runId)).at(-1)?.data).toMatchObject({ knownBy: 'wire' });
    expect(await after.sent(goodAuthorization(after, runId))).toHaveLength(1);
  });

  it('where nobody can look, nothing is sent before the operator has decided once more', async () => {
    const server = await startFaultSmtpServer({ at: 'rcpt', how: '550 no such user', whose: 'nobody@' });
    await after.start({ outbound: { host: server.host, port: server.port } });
    await after.authorize(goodAuthorization(after, runId));
    expect(typesOf(await after.untilSettled(runId))).toEqual(['attempted', 'armed', 'unknown']);
    expect(server.taken).toEqual([]);
    await after.authorize(goodAuthorization(after, runId, { generation: 2 }));
    expect(typesOf(await after.untilSettled(runId, 2)).slice(3)).toEqual(['attempted', 'armed', 'succeeded']);
    expect(server.taken).toHaveLength(1);
    await server.close();
  });

  it('a count of restores that cannot be read stops the start', async () => {
    expect(await readIncarnation(before.config.keepFolder)).toBe(1);
    await writeFile(join(after.config.keepFolder, 'incarnation'), 'two');
    await expect(after.start()).rejects.toMatchObject({ code: 'keep.incarnation-unreadable' });
  });
});
