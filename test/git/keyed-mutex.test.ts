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
});
