/**
 * The timers of code under simulation. While a world runs, `setTimeout`, `setInterval` and `setImmediate` called from a machine's task
 * are tasks of that machine; called from elsewhere they stay what they are.
 */
import type { Agenda } from './agenda.js';
import { Machine } from './machine.js';

class VirtualTimer {
  callOff: () => void = () => undefined;
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

type Callback = (...args: unknown[]) => void;

export async function withVirtualTimers<T>(agenda: Agenda, work: () => Promise<T>): Promise<T> {
  const native = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const machine = (): Machine | null => (agenda.current instanceof Machine ? agenda.current : null);
  const once = (callback: Callback, ms = 0, ...args: unknown[]): unknown => {
    const owner = machine();
    if (owner === null) return native.setTimeout(callback, ms, ...args);
    const timer = new VirtualTimer();
    timer.callOff = owner.post(ms, () => callback(...args));
    return timer;
  };
  const repeatedly = (callback: Callback, ms = 0, ...args: unknown[]): unknown => {
    const owner = machine();
    if (owner === null) return native.setInterval(callback, ms, ...args);
    const timer = new VirtualTimer();
    const again = (): void => {
      timer.callOff = owner.post(ms, () => {
        again();
        callback(...args);
      });
    };
    again();
    return timer;
  };
  const soon = (callback: Callback, ...args: unknown[]): unknown => (machine() === null ? native.setImmediate(callback, ...args) : once(callback, 0, ...args));
  const clear = (otherwise: (timer: never) => void) => (timer: unknown) => (timer instanceof VirtualTimer ? timer.callOff() : otherwise(timer as never));
  Object.assign(globalThis, { setTimeout: once, setInterval: repeatedly, setImmediate: soon, clearTimeout: clear(native.clearTimeout), clearInterval: clear(native.clearInterval), clearImmediate: clear(native.clearImmediate) });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, native);
  }
}
