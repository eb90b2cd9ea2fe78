import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { countingConnections } from './connection-count.js';

describe('connection count', () => {
  it('counts what is opened by any library, and only meanwhile [G13]', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const read = async (): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text();
    await read();
    expect(await countingConnections(read)).toEqual({ result: 'ok', opened: 1 });
    expect((await countingConnections(() => Promise.resolve('nothing'))).opened).toBe(0);
    server.close();
  });
});
