import { EventEmitter, once } from 'node:events';
import { exclusively } from '../../src/git/keyed-mutex.js';

describe('exclusively', () => {
  it('runs work of one key in turn, also after a failure, and work of another key at once', async () => {
    const log: string[] = [];
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    const first = exclusively('a', async () => {
      await opened;
      log.push('first');
      throw new Error('failed');
    });
    const second = exclusively('a', () => Promise.resolve(log.push('second')));
    await exclusively('b', () => Promise.resolve(log.push('other')));
    gate.emit('open');
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(log).toEqual(['other', 'first', 'second']);
  });

  it('gives up its turn when it is aborted while it waits, and only then', async () => {
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const log: string[] = [];
    const work = (name: string) => async () => {
      await opened;
      log.push(name);
    };
    const first = exclusively('a', work('first'), controller.signal);
    const second = exclusively('a', work('second'), controller.signal);
    const third = exclusively('a', work('third'));
    await Promise.resolve();
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    await expect(exclusively('a', work('late'), controller.signal)).rejects.toBe(reason);
    gate.emit('open');
    await Promise.all([first, third]);
    expect(log).toEqual(['first', 'third']);
  });
});
