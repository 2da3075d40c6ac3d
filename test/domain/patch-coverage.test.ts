import { judgePatch } from '../../src/domain/patch-coverage.js';

const before = { covered: 50, total: 100 };

describe('the coverage of what a change adds', () => {
  it.each([
    [{ covered: 54, total: 105 }, true, 'of the 5 lines that the change adds, 4 are covered'],
    [{ covered: 53, total: 105 }, false, 'of the 5 lines that the change adds, 3 are covered'],
    [{ covered: 60, total: 105 }, true, 'of the 5 lines that the change adds, 5 are covered'],
    [{ covered: 49, total: 105 }, false, 'of the 5 lines that the change adds, 0 are covered'],
    [{ covered: 50, total: 100 }, true, 'the change leaves no more lines uncovered'],
    [{ covered: 45, total: 95 }, true, 'the change leaves no more lines uncovered'],
    [{ covered: 48, total: 100 }, false, 'the change leaves 2 more lines uncovered'],
  ])('%j', (after, isEnough, summary) => {
    expect(judgePatch(before, after, 80)).toEqual({ isEnough, summary });
  });
});
