import fc from 'fast-check';
import { cycleOf } from '../../src/domain/blockers.js';

const waiting = new Map([
  ['c', ['b']],
  ['b', ['a', 'x']],
  ['d', ['b', 'c']],
]);

describe('cycleOf', () => {
  it('is the way back to the task itself', () => {
    expect(cycleOf(waiting, 'a', 'c')).toEqual(['a', 'c', 'b', 'a']);
    expect(cycleOf(waiting, 'a', 'b')).toEqual(['a', 'b', 'a']);
    expect(cycleOf(waiting, 'a', 'a')).toEqual(['a', 'a']);
  });

  it('is none where nothing leads back, however many ways there are', () => {
    expect(cycleOf(waiting, 'd', 'a')).toBeNull();
    expect(cycleOf(waiting, 'y', 'd')).toBeNull();
  });

  it('lets no cycle in, whatever is asked in whatever order', () => {
    const name = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 40 }), (asked) => {
        const blockers = new Map<string, string[]>();
        for (const [task, blocker] of asked) {
          const cycle = cycleOf(blockers, task, blocker);
          if (cycle === null) blockers.set(task, [...(blockers.get(task) ?? []), blocker]);
          else {
            expect([cycle[0], cycle[1], cycle.at(-1)]).toEqual([task, blocker, task]);
            for (const [at, one] of cycle.slice(1, -1).entries()) expect(blockers.get(one)).toContain(cycle[at + 2]);
          }
        }
        // What is left can be done in some order: each time there is one that waits for nothing undone.
        const undone = new Set(Array.from({ length: 8 }, (_, at) => String(at)));
        for (let left = 8; left > 0; left -= 1) {
          const free = [...undone].find((one) => !(blockers.get(one) ?? []).some((other) => undone.has(other)));
          expect(free).toBeDefined();
          undone.delete(free!);
        }
      }),
    );
  });
});
