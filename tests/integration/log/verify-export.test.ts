/** The second verifier, which shares no code with the first: it runs alone, and both say the same of the same files. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createMemoryLog, derivedId, type StoredMessage } from '@soloist/eventlog';
import { checkExportBytes, writeExport } from '@soloist/eventlog/verify';
import { headOf } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawsOf, exportOf, firstLineOf, ON_BYTES, ON_MESSAGES } from '../../chaos/corruption-changes.js';

const TOOL = resolve(import.meta.dirname, '../../../tools/verify-export.mjs');
const own = generateKeyPairSync('ed25519');
let folder: string;
let tool: string;
let bytes: Buffer;
let messages: readonly StoredMessage[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-alone-'));
  tool = join(folder, 'verify-export.mjs');
  await cp(TOOL, tool);
  const memory = createMemoryLog({ streams: 1 });
  for (let round = 0; round < 6; round += 1) {
    for (let entity = 0; entity < 5; entity += 1) {
      const address = { context: 'runtime' as const, entity: 'loop', key: `run-${entity}` };
      const head = await memory.log.head(address);
      const events = [{ type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `wait-${round}` } }];
      await memory.log.append({ address, id: derivedId('said', `${entity}-${round}`), cause: null, actor: 'test', policy: null, at: '2026-01-02T03:04:05.000Z', traceparent: null, events, after: head === null ? null : headOf(head), snapshot: false });
    }
  }
  messages = memory.broker.stored('EVENTS-0');
  const file = join(folder, 'log.jsonl');
  await writeExport(file, 1, (async function* () { yield messages; })(), '2026-01-02T03:04:05.000Z', own.privateKey);
  bytes = await readFile(file);
  await writeFile(join(folder, 'key.pem'), own.publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function alone(content: Buffer, hasKey = true): Promise<{ status: number | null; report: { isWhole: boolean; wrong: string[]; signedBy: string | null } }> {
  const file = join(folder, 'given.jsonl');
  await writeFile(file, content);
  // No package, no variable and no folder of ours is there.
  const { status, stdout } = spawnSync(process.execPath, [tool, file, ...(hasKey ? [join(folder, 'key.pem')] : [])], { cwd: folder, env: {}, encoding: 'utf8' });
  return { status, report: JSON.parse(stdout) as never };
}

describe('an export, on a machine with nothing but Node', () => {
  test('[G22] is found whole and signed', async () => {
    const { status, report } = await alone(bytes);
    expect(report).toMatchObject({ isWhole: true, wrong: [], signedBy: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(status).toBe(0);
  });

  test('[G22] that was changed is found out wherever the verifier of Soloist finds it out', async () => {
    const { verifyExport } = (await import(TOOL)) as { verifyExport: (content: Buffer, pem: string) => { isWhole: boolean } };
    const pem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const draw = drawsOf(11);
    let changes = 0;
    for (let round = 0; round < 30; round += 1) {
      const damaged = [
        ...Object.values(ON_BYTES).map((change) => change(bytes, draw)),
        ...Object.values(ON_MESSAGES).map((change) => exportOf(change(messages, draw), 1, firstLineOf(bytes))),
      ].filter((content) => !content.equals(bytes));
      for (const content of damaged) {
        changes += 1;
        const theirs = await checkExportBytes(content, { publicKey: own.publicKey }).then(({ isWhole }) => isWhole, () => false);
        expect([verifyExport(content, pem).isWhole, theirs]).toEqual([false, false]);
      }
    }
    expect(changes).toBeGreaterThan(350);
  }, 120_000);

  test('[G22] is checked through a link as well', async () => {
    const link = join(folder, 'link.mjs');
    await symlink(tool, link);
    await writeFile(join(folder, 'cut.jsonl'), bytes.subarray(0, bytes.length - 10));
    expect(spawnSync(process.execPath, [link, join(folder, 'cut.jsonl')], { cwd: folder, env: {} }).status).toBe(1);
  });

  test('that nobody has signed says so, and exits with 1', async () => {
    const unsigned = exportOf(messages, 1, firstLineOf(bytes));
    expect(await alone(unsigned, false)).toMatchObject({ status: 0, report: { isWhole: true, signedBy: null } });
    expect(await alone(unsigned)).toMatchObject({ status: 1, report: { isWhole: false } });
  });
});
