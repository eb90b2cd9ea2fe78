import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Clone } from './clone.js';

let clone: Clone;
const withServer = { SOLOIST_NATS_URL: 'nats://broker.example:4222' };

beforeEach(() => {
  clone = new Clone();
});
afterEach(() => clone.remove());

describe('packages', () => {
  test('are installed once, then the command line gets its arguments as they were', async () => {
    const args = ['run', 'show', 'two words', '$HOME', '--json'];
    const first = await clone.run(args, withServer);
    expect(first.err).toMatch(/packages \(npm ci\) +… ready {2}\d+ s/);
    const second = await clone.run(args, withServer);
    expect(second).toEqual({ code: 0, out: first.out, err: '' });
    expect(JSON.parse(second.out)).toEqual({ args, nats: null, cwd: clone.machine });
    expect(clone.npmRuns).toBe(1);
  });

  test('are installed anew when the lock file has changed', async () => {
    await clone.run(['up'], withServer);
    clone.write('package-lock.json', '{ "lockfileVersion": 3, "packages": {} }');
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(clone.root, 'package-lock.json'), later, later);
    expect((await clone.run(['up'], withServer)).code).toBe(0);
    expect(clone.npmRuns).toBe(2);
  });

  test('that a developer installed by hand are left alone', async () => {
    const past = new Date(Date.now() - 60_000);
    utimesSync(join(clone.root, 'package-lock.json'), past, past);
    clone.write('node_modules/.package-lock.json', '{}');
    expect((await clone.run(['up'], withServer)).err).toBe('');
    expect(clone.npmRuns).toBe(0);
  });

  test('that npm could not finish do not count, and the error ends with the next step', async () => {
    clone.npm('echo "npm error network" >&2; exit 1');
    const failed = await clone.run(['up'], withServer);
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('npm error network');
    expect(failed.err).toMatch(/next: .*npm ci/);
    clone.npm('');
    expect((await clone.run(['up'], withServer)).code).toBe(0);
    expect(clone.npmRuns).toBe(2);
  });

  test('that a killed setup left half done do not count, nor does its lock', async () => {
    clone.npm('kill -9 "$(cat .soloist-install/pid)"; exit 1');
    expect((await clone.run(['up'], withServer)).code).toBe(null);
    expect(existsSync(join(clone.root, '.soloist-install'))).toBe(true);
    clone.npm('');
    expect((await clone.run(['up'], withServer)).code).toBe(0);
    expect(existsSync(join(clone.root, '.soloist-install'))).toBe(false);
  });

  test('wait for no lock without an owner', async () => {
    mkdirSync(join(clone.root, '.soloist-install'));
    expect((await clone.run(['up'], withServer)).code).toBe(0);
    expect(clone.npmRuns).toBe(1);
  });

  test('are installed by one of two that start together', async () => {
    clone.npm('sleep 1');
    const both = await Promise.all([clone.run(['up'], withServer), clone.run(['demo'], withServer)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(clone.npmRuns).toBe(1);
  });
});

describe('the machine', () => {
  test.each([
    ['no Node', 'node', 'exit 127', /Node\.js was not found/],
    ['an old Node', 'node', 'echo 18.20.4', /Node\.js 20 or newer is needed, found 18\.20\.4/],
  ])('with %s is told so, with the next step', async (_, program, text, message) => {
    clone.program(program, text);
    const outcome = await clone.run(['up'], withServer);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(message);
    expect(outcome.err).toContain('next: install Node.js 20 or newer');
    expect(clone.npmRuns).toBe(0);
  });

  test('whose clone cannot be written is told so', async () => {
    // A file in the way of the lock stands for a folder without write permission: root may write anywhere.
    writeFileSync(join(clone.root, '.soloist-install'), '');
    const outcome = await clone.run(['up'], withServer);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(/cannot write to .*a clone with spaces/);
  });

  test('runs ./soloist test through the test runner', async () => {
    mkdirSync(join(clone.machine, 'home'));
    const own = clone.broker(join(clone.bin, 'nats-server'), '2.15.1');
    const outcome = await clone.run(['test', '--only', 'lint']);
    expect(JSON.parse(outcome.out)).toEqual({ test: ['--only', 'lint'], nats: own });
  });
});
