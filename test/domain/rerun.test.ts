import type { Plan, PlanStep } from '../../src/domain/plan.js';
import { planRerun, resumesAt, type RecordedStep } from '../../src/domain/rerun.js';

const plan = (steps: Readonly<Record<string, readonly string[]>>): Plan => ({
  name: 'p',
  description: null,
  triggers: [],
  steps: Object.entries(steps).map(([id, dependsOn]) => ({ id, dependsOn }) as unknown as PlanStep),
});
const done = (id: string, endedAs: number, commit: string | null = null): RecordedStep => ({
  id,
  status: 'succeeded',
  commit,
  endedAs,
});
const chain = plan({ branch: [], build: ['branch'], tests: ['build'], review: ['tests'] });

describe('planRerun', () => {
  it('keeps what comes before the step, and starts at its last commit', () => {
    const recorded = [done('branch', 1), done('build', 2, 'c1'), done('tests', 3, 'c2'), done('review', 4)];
    expect(planRerun(chain, recorded, 'review')).toEqual({ takeOver: ['branch', 'build', 'tests'], startAt: 'c2' });
    expect(planRerun(chain, recorded, 'tests')).toEqual({ takeOver: ['branch', 'build'], startAt: 'c1' });
  });

  it('starts at the base branch where no commit is kept', () => {
    const recorded = [done('branch', 1), done('build', 2, 'c1')];
    expect(planRerun(chain, recorded, 'build')).toEqual({ takeOver: ['branch'], startAt: null });
    expect(planRerun(chain, recorded, 'branch')).toEqual({ takeOver: [], startAt: null });
  });

  it('keeps skipped steps, and makes again what failed, was cancelled or never ran', () => {
    const beside = plan({ a: [], b: [], c: [], d: [], e: [], from: [] });
    const recorded: RecordedStep[] = [
      { id: 'a', status: 'skipped', commit: null, endedAs: 1 },
      { id: 'b', status: 'failed', commit: null, endedAs: 2 },
      { id: 'c', status: 'cancelled', commit: null, endedAs: null },
      { id: 'd', status: 'pending', commit: null, endedAs: null },
    ];
    expect(planRerun(beside, recorded, 'from').takeOver).toEqual(['a']);
  });

  it('makes again what wrote on top of a commit that is made again, and what comes after that', () => {
    const parallel = plan({ left: [], right: [], 'after-right': ['right'], far: [] });
    const recorded = [done('left', 1, 'c1'), done('right', 2, 'c2'), done('after-right', 3), done('far', 4)];
    expect(planRerun(parallel, recorded, 'left')).toEqual({ takeOver: ['far'], startAt: null });
  });

  it('keeps what wrote below it', () => {
    const parallel = plan({ left: [], right: [] });
    expect(planRerun(parallel, [done('left', 1, 'c1'), done('right', 2, 'c2')], 'right')).toEqual({
      takeOver: ['left'],
      startAt: 'c1',
    });
  });

  it('makes again what wrote to another repository, and what comes after it', () => {
    const recorded = [
      done('branch', 1),
      { ...done('build', 2, 'elsewhere-1'), elsewhere: true },
      done('tests', 3, 'c2'),
      done('review', 4),
    ];
    const beside = plan({ branch: [], build: ['branch'], tests: ['branch'], review: ['build'], ask: ['tests'] });
    expect(planRerun(beside, recorded, 'ask')).toEqual({ takeOver: ['branch', 'tests'], startAt: 'c2' });
  });

  it('starts at the latest of the commits that are kept, in whatever order they are listed', () => {
    const recorded = [done('tests', 3, 'c2'), done('build', 2, 'c1'), done('branch', 1)];
    expect(planRerun(chain, recorded, 'review').startAt).toBe('c2');
  });

  it('takes a commit of a step that never ended for a late one', () => {
    const parallel = plan({ left: [], right: [], from: [] });
    const recorded: RecordedStep[] = [
      done('left', 1, 'c1'),
      { id: 'right', status: 'failed', commit: 'c2', endedAs: null },
    ];
    expect(planRerun(parallel, recorded, 'right')).toEqual({ takeOver: ['left'], startAt: 'c1' });
    expect(planRerun(parallel, recorded, 'from')).toEqual({ takeOver: ['left'], startAt: 'c1' });
  });
});

describe('resumesAt', () => {
  const standing = (...statuses: (readonly [string, 'succeeded' | 'skipped' | 'failed'])[]) =>
    resumesAt(chain.steps, new Map(statuses));

  it('is the first step that was not done', () => {
    expect(standing(['branch', 'succeeded'], ['build', 'skipped'], ['tests', 'failed'], ['review', 'skipped'])).toBe(
      'tests',
    );
    expect(standing(['branch', 'succeeded'])).toBe('build');
    expect(standing(...chain.steps.map(({ id }) => [id, 'succeeded'] as const))).toBeNull();
  });
});
