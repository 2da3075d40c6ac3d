import fc from 'fast-check';
import {
  mayTransition,
  moveTask,
  priorityFor,
  TASK_STATUSES,
  taskStatusFor,
  taskTypeFor,
} from '../../src/domain/task.js';

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

describe('moveTask', () => {
  const MAIN = ['pending', 'in-progress', 'testing', 'ready-for-review', 'completed'] as const;

  it.each([
    ['pending', 'in-progress', 'moves'],
    ['testing', 'in-progress', 'stays'],
    ['ready-for-review', 'testing', 'stays'],
    ['retrying', 'in-progress', 'stays'],
    ['retrying', 'testing', 'moves'],
    ['in-progress', 'in-progress', 'stays'],
    ['failed', 'failed', 'stays'],
    ['pending', 'testing', 'refused'],
    ['in-progress', 'ready-for-review', 'refused'],
    ['failed', 'in-progress', 'refused'],
    ['blocked', 'in-progress', 'refused'],
    ['completed', 'in-progress', 'refused'],
  ] as const)('from %s to %s %s', (from, to, what) => {
    expect(moveTask(from, to)).toBe(what);
  });

  it('comes to completed by no other way than through every status before it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TASK_STATUSES), { maxLength: 60 }), (asked) => {
        const been = ['pending' as (typeof TASK_STATUSES)[number]];
        for (const to of asked) if (moveTask(been.at(-1)!, to) === 'moves') been.push(to);
        if (been.includes('completed')) {
          expect(been.at(-1)).toBe('completed');
          expect(MAIN.filter((status) => status !== 'in-progress').every((status) => been.includes(status))).toBe(true);
        }
      }),
    );
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
    [['Bug'], 'bugfix'],
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
    expect(priorityFor(['P3', 'p1'])).toBe('P1');
    expect(priorityFor(['bug'])).toBe('P2');
  });
});
