import { mayTransition, priorityFor, TASK_STATUSES, taskStatusFor, taskTypeFor } from '../../src/domain/task.js';

describe('mayTransition', () => {
  it('leads from pending to completed', () => {
    const path = ['pending', 'in-progress', 'testing', 'ready-for-review', 'completed'] as const;
    for (const [index, status] of path.slice(1).entries()) expect(mayTransition(path[index]!, status)).toBe(true);
  });

  it('leads from a failure over a retry back to testing', () => {
    expect(mayTransition('failed', 'retrying')).toBe(true);
    expect(mayTransition('retrying', 'testing')).toBe(true);
    expect(mayTransition('failed', 'testing')).toBe(false);
  });

  it('leads nowhere from completed, and past no step', () => {
    expect(TASK_STATUSES.some((status) => mayTransition('completed', status))).toBe(false);
    expect(mayTransition('pending', 'completed')).toBe(false);
    expect(mayTransition('in-progress', 'completed')).toBe(false);
  });

  it('leads from no status to itself', () => {
    expect(TASK_STATUSES.some((status) => mayTransition(status, status))).toBe(false);
  });
});

describe('taskStatusFor', () => {
  it.each([
    ['code.implement', 'in-progress'],
    ['code.writeTests', 'testing'],
    ['test.verify', 'testing'],
    ['github.createPR', 'ready-for-review'],
    ['review.code', null],
  ])('%s → %s', (action, status) => {
    expect(taskStatusFor(action)).toBe(status);
  });
});

describe('taskTypeFor', () => {
  it.each([
    [['urgent', 'bug'], 'bugfix'],
    [['bugfix'], 'bugfix'],
    [['security'], 'audit'],
    [['docs', 'bug'], 'docs'],
    [['whatever'], 'feature'],
    [['constructor'], 'feature'],
    [[], 'feature'],
  ])('%j → %s', (labels, type) => {
    expect(taskTypeFor(labels)).toBe(type);
  });
});

describe('priorityFor', () => {
  it('is the highest that the labels ask for, P2 where they ask for none', () => {
    expect(priorityFor(['P3', 'P1'])).toBe('P1');
    expect(priorityFor(['bug'])).toBe('P2');
  });
});
