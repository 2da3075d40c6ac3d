import { hasLabel, isSameLabel } from '../../src/domain/label.js';

describe('labels', () => {
  it('are the same whatever their case and composition', () => {
    expect(isSameLabel('Bug: Größe', 'bug: gro\u0308ße')).toBe(true);
    expect(isSameLabel('bug', 'bugs')).toBe(false);
    expect(hasLabel(['docs', 'BUG'], 'bug')).toBe(true);
    expect(hasLabel([], 'bug')).toBe(false);
  });
});
