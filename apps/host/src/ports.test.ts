import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { claimApiPort, claimSmtpPort } from './addresses.js';
import { claimPinned, claimPort, type ClaimedPort } from './ports.js';

const claims: ClaimedPort[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(claims.splice(0).map((claim) => claim.release()));
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

async function listenSomewhere(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as { port: number }).port;
}

/** Each test process looks in a part of its own. */
const FROM = 30_000 + (process.pid % 150) * 200;

describe('ports', () => {
  it('a taken port gives way to the next free one', async () => {
    const taken = await listenSomewhere();
    const claim = await claimPort(taken, 'test');
    claims.push(claim);
    expect(claim.port).toBeGreaterThan(taken);
  });

  it('hosts that start at once never get the same port', async () => {
    claims.push(...(await Promise.all(Array.from({ length: 20 }, () => claimPort(FROM, 'test')))));
    expect(new Set(claims.map(({ port }) => port)).size).toBe(20);
  });

  it('a port that was let go can be claimed again', async () => {
    const claim = await claimPort(FROM, 'test');
    await claim.release();
    const again = await claimPinned(claim.port, 'test', 'next');
    claims.push(again);
    expect(again.port).toBe(claim.port);
  });

  it('a pinned port that is taken is an error that names it, for the API and the intake alike', async () => {
    const taken = await listenSomewhere();
    await expect(claimApiPort(taken, {})).rejects.toMatchObject({ code: 'host.port-taken', exitCode: 1, message: expect.stringContaining(`port ${taken}`) as string, next: expect.stringContaining('--port') as string });
    await expect(claimSmtpPort({ SOLOIST_SMTP_PORT: String(taken) })).rejects.toMatchObject({ code: 'host.port-taken', message: expect.stringContaining(`port ${taken}`) as string });
  });

  it.each(['abc', '0', '70000', '1.5'])('a port of %j is refused by the name of its variable', async (text) => {
    await expect(claimApiPort(null, { SOLOIST_HTTP_PORT: text })).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('SOLOIST_HTTP_PORT') as string });
  });
});
