/** `./soloist notify …`: what is asked of the API, and what is said of the answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstance } from './fake-instance.js';

const ON = { address: 'ada@phone.example', reminders: true, digest: { at: '08:00', timeZone: 'Europe/Berlin' }, nextDigestAt: '2026-12-02T07:00:00.000Z', state: 'good', failuresInARow: 0, lastCode: null };
const OFF = { ...ON, address: null, reminders: false, digest: null, nextDigestAt: null };
let instance: FakeInstance;
beforeAll(async () => {
  instance = await FakeInstance.start();
});
afterAll(() => instance.stop());
beforeEach(() => {
  instance.asked.length = 0;
});

describe('soloist notify', () => {
  it('[C14] set has reminders mailed, and a digest when a time is given, by the zone that is given', async () => {
    instance.answers = { 'POST /v1/mailing': { body: ON } };
    const told = await instance.cli(['notify', 'set', ON.address, '--digest', '08:00', '--zone', 'Europe/Berlin']);
    expect(told).toMatchObject({ code: 0, stdout: 'address    ada@phone.example\nreminders  on\ndigest     08:00 Europe/Berlin, next 2026-12-02T07:00:00.000Z\nstate      good\n', stderr: expect.stringContaining('notify test') as string });
    await instance.cli(['notify', 'set', ON.address, '--reminders', 'off', '--digest', '19:30', '--zone', 'UTC']);
    await instance.cli(['notify', 'set', ON.address]);
    expect(instance.asked.map(({ body }) => body)).toEqual([
      { address: ON.address, reminders: true, digest: ON.digest },
      { address: ON.address, reminders: false, digest: { at: '19:30', timeZone: 'UTC' } },
      { address: ON.address, reminders: true, digest: null },
    ]);
  });

  it('set takes the machine\'s own zone when none is named, and refuses what says nothing, asking nothing', async () => {
    instance.answers = { 'POST /v1/mailing': { body: ON } };
    await instance.cli(['notify', 'set', ON.address, '--digest', '08:00'], { env: { TZ: 'Asia/Kolkata' } });
    expect((instance.asked[0]?.body as { digest: { timeZone: string } }).digest.timeZone).toMatch(/^Asia\/(Kolkata|Calcutta)$/);
    instance.asked.length = 0;
    for (const words of [['--reminders', 'loud'], ['--zone', 'UTC']]) expect((await instance.cli(['notify', 'set', ON.address, ...words])).code).toBe(2);
    expect(instance.asked).toEqual([]);
  });

  it('show tells how it goes, and what to do when nothing is mailed', async () => {
    instance.answers = { 'GET /v1/mailing': { body: { ...ON, state: 'failing', failuresInARow: 6, lastCode: 'mail.refused' } } };
    expect((await instance.cli(['notify', 'show'])).stdout).toContain('state      failing, 6 failed, last mail.refused\n');
    instance.answers = { 'GET /v1/mailing': { body: OFF } };
    expect(await instance.cli(['notify', 'show'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('./soloist notify set') as string });
    expect(JSON.parse((await instance.cli(['notify', 'show', '--json'])).stdout)).toEqual({ type: 'notify.shown', ...OFF });
  });

  it('test says whether the mail server took it, by its exit code too; off ends it, once', async () => {
    for (const [isDelivered, code, exit] of [[true, null, 0], [false, 'mail.refused', 1], [null, null, 8]] as const) {
      instance.answers = { 'POST /v1/mailing/test': { body: { isDelivered, code } } };
      expect((await instance.cli(['notify', 'test'])).code).toBe(exit);
    }
    instance.answers = { 'POST /v1/mailing/off': { body: OFF } };
    expect((await instance.cli(['notify', 'off'])).code).toBe(0);
    instance.answers = { 'POST /v1/mailing/off': { status: 404, body: { error: { code: 'mailing.not-set', message: 'Nothing is mailed as it is.', next: 'POST /v1/mailing' } } } };
    expect(await instance.cli(['notify', 'off'])).toMatchObject({ code: 3, stderr: expect.stringContaining('./soloist notify set ADDRESS') as string });
  });
});
