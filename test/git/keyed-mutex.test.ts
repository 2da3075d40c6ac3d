import { exclusively } from '../../src/git/keyed-mutex.js';

describe('exclusively', () => {
  it('runs work of one key in turn, also after a failure, and work of another key at once', async () => {
    const log: string[] = [];
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = exclusively('a', async () => {
      await gate;
      log.push('first');
      throw new Error('failed');
    });
    const second = exclusively('a', async () => log.push('second'));
    await exclusively('b', async () => log.push('other'));
    open();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(log).toEqual(['other', 'first', 'second']);
  });
});
