import fc from 'fast-check';
import type { Plan, PlanStep } from '../../src/domain/plan.js';
import {
  isRunOpen,
  openRunStatus,
  readySteps,
  RUN_STATUSES,
  STEP_STATUSES,
  type StepStatus,
} from '../../src/domain/run-state.js';

const plan = {
  steps: [
    { id: 'a', dependsOn: [] },
    { id: 'b', dependsOn: ['a'] },
    { id: 'c', dependsOn: ['a', 'b'] },
    { id: 'd', dependsOn: [] },
  ] as unknown as readonly PlanStep[],
} as Plan;
const ready = (...statuses: readonly StepStatus[]): readonly string[] =>
  readySteps(plan, new Map(statuses.map((status, index) => [plan.steps[index]!.id, status]))).map(({ id }) => id);

describe('readySteps', () => {
  it('are those that wait for nothing', () => {
    expect(ready('pending', 'pending', 'pending', 'pending')).toEqual(['a', 'd']);
  });

  it('are those whose dependencies all succeeded or were skipped', () => {
    expect(ready('succeeded', 'pending', 'pending', 'running')).toEqual(['b']);
    expect(ready('skipped', 'succeeded', 'pending', 'succeeded')).toEqual(['c']);
  });

  it('are none after what failed, was cancelled, still runs or is not known', () => {
    for (const status of ['failed', 'cancelled', 'running', 'waiting'] as const)
      expect(ready(status, 'pending', 'pending', 'succeeded')).toEqual([]);
    expect(readySteps(plan, new Map([['b', 'pending']]))).toEqual([]);
  });
});

describe('openRunStatus', () => {
  it('is waiting exactly when people are waited for and nothing runs', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEP_STATUSES)), (statuses) => {
        const waits = statuses.includes('waiting') && !statuses.includes('running');
        expect(openRunStatus(statuses)).toBe(waits ? 'waiting' : 'running');
      }),
    );
  });
});

describe('isRunOpen', () => {
  it('holds until a run has ended', () => {
    expect(RUN_STATUSES.filter(isRunOpen)).toEqual(['pending', 'running', 'waiting']);
  });
});
