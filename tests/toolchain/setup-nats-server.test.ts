import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Clone } from './clone.js';

let clone: Clone;
let server: Server | undefined;

beforeEach(async () => {
  clone = new Clone();
  await clone.run(['--version']);
});
afterEach(() => {
  server?.close();
  server = undefined;
  clone.remove();
});

const natsOf = (out: string): unknown => (JSON.parse(out) as { nats: unknown }).nats;
const cached = (): string => join(clone.machine, 'home/.cache/soloist/nats-server-2.15.1/nats-server');

/** A tar archive with one member, as the official releases are built. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000755\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('0', 156);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/** Serves a release; returns its address. */
async function serveRelease(sumOf: (archive: Buffer) => string): Promise<string> {
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  const name = `nats-server-v2.15.1-${system}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const program = Buffer.from(`#!/bin/sh\necho "$0" >> "${clone.machine}/broker calls"\necho "nats-server: v2.15.1"\n`);
  const archive = gzipSync(tarOf(`${name}/nats-server`, program));
  server = createServer((request, response) => {
    if (request.url?.endsWith('/v2.15.1/SHA256SUMS')) response.end(`${'0'.repeat(64)}  other.zip\n${sumOf(archive)}  ${name}.tar.gz\n`);
    else if (request.url?.endsWith(`/v2.15.1/${name}.tar.gz`)) response.end(archive);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('nats-server comes', () => {
  test('from nowhere when an external server is named', async () => {
    const outcome = await clone.run(['up'], { SOLOIST_NATS_URL: 'nats://broker.example:4222' });
    expect(outcome).toMatchObject({ code: 0, err: '' });
    expect(natsOf(outcome.out)).toBe(null);
  });

  test('from PATH when it is new enough', async () => {
    const own = clone.broker(join(clone.bin, 'nats-server'), '2.12.0');
    expect(natsOf((await clone.run(['up'])).out)).toBe(own);
  });

  test('from SOLOIST_NATS_BIN when the one on PATH is too old', async () => {
    clone.broker(join(clone.bin, 'nats-server'), '2.9.10');
    const named = clone.broker(join(clone.machine, 'my broker/nats-server'), '2.15.1');
    expect(natsOf((await clone.run(['up'], { SOLOIST_NATS_BIN: named })).out)).toBe(named);
  });

  test('from the cache, without running anything', async () => {
    const file = clone.broker(cached(), '2.15.1');
    const outcome = await clone.run(['up']);
    expect(outcome.err).toBe('');
    expect(natsOf(outcome.out)).toBe(file);
    expect(existsSync(join(clone.machine, 'broker calls'))).toBe(false);
  });

  test('from the release, whose checksum agrees, into the cache; once', async () => {
    const releases = await serveRelease(sha256);
    const outcome = await clone.run(['up'], { SOLOIST_NATS_RELEASES: releases });
    expect(outcome.err).toMatch(/nats-server 2\.15\.1 \(official release\) … ready {2}\d+ s/);
    expect(natsOf(outcome.out)).toBe(cached());
    server?.close();
    expect((await clone.run(['up'], { SOLOIST_NATS_RELEASES: releases })).err).toBe('');
  });

  test('into the clone when there is no home', async () => {
    const releases = await serveRelease(sha256);
    const outcome = await clone.run(['up'], { SOLOIST_NATS_RELEASES: releases, HOME: '' });
    expect(natsOf(outcome.out)).toBe(join(clone.root, '.soloist-tools/nats-server-2.15.1/nats-server'));
  });

  test('never from a release whose checksum is wrong: it is not even run', async () => {
    const releases = await serveRelease(() => 'f'.repeat(64));
    const outcome = await clone.run(['up'], { SOLOIST_NATS_RELEASES: releases });
    expect(outcome.code).toBe(9);
    expect(outcome.err).toMatch(/checksum of nats-server-v2\.15\.1-.* is wrong/);
    expect(existsSync(cached())).toBe(false);
    expect(existsSync(join(clone.machine, 'broker calls'))).toBe(false);
  });
});

describe('without a nats-server', () => {
  test('one error lists what was tried and what to do', async () => {
    const old = clone.broker(join(clone.bin, 'nats-server'), '2.9.10');
    const outcome = await clone.run(['up'], { SOLOIST_NATS_BIN: '/nowhere/nats-server' });
    expect(outcome.code).toBe(9);
    for (const line of [`PATH (${old}): 2.9.10, 2.12 or newer`, 'SOLOIST_NATS_BIN (/nowhere/nats-server)', 'cache: nothing in', 'release: 127.0.0.1:9', 'Debian package: apt-get', 'next: go online']) {
      expect(outcome.err).toContain(line);
    }
  });

  test('help, version and the doctor work all the same', async () => {
    for (const command of ['--help', '--version', 'doctor']) expect((await clone.run([command])).code, command).toBe(0);
  });
});

describe('the archives of apt', () => {
  test('are read from both forms, Debian first, security and disabled ones left out', () => {
    const folder = join(clone.machine, 'sources.list.d');
    mkdirSync(folder);
    writeFileSync(join(clone.machine, 'sources.list'), '# deb http://comment.example/debian x main\ndeb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main\ndeb-src http://src.example/debian bookworm main\n');
    writeFileSync(join(folder, 'tool.list'), 'deb https://tool.example/apt stable main\n');
    const stanzas = ['Types: deb deb-src\nURIs: http://two.example/debian/\n http://three.example/debian\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN\n URIs: http://fake.example/debian', 'Types: deb\nURIs: http://two.example/debian-security\nSuites: bookworm-security', 'Enabled: no\nTypes: deb\nURIs: http://off.example/debian', 'Types: deb-src\nURIs: http://src.example/debian'];
    writeFileSync(join(folder, 'debian.sources'), `${stanzas.join('\n\n')}\n`);
    const script = resolve(import.meta.dirname, '../../tools/setup/apt-archives.sh');
    const out = execFileSync('sh', [script, join(clone.machine, 'sources.list'), folder], { encoding: 'utf8' });
    expect(out.trim().split('\n')).toEqual(['http://one.example/debian', 'http://two.example/debian/', 'http://three.example/debian', 'https://tool.example/apt']);
  });

  test('are written in no file of the repository', () => {
    for (const file of ['fetch-debian.sh', 'apt-archives.sh']) {
      expect(readFileSync(resolve(import.meta.dirname, '../../tools/setup', file), 'utf8')).not.toMatch(/https?:\/\//);
    }
  });
});
