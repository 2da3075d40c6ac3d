import {
  describeOverride,
  overrideFacts,
  refuseOverride,
  roleForOverride,
  type Override,
  type OverrideStanding,
} from '../../src/domain/override.js';
import type { PlanStep } from '../../src/domain/plan.js';
import type { StepStatus } from '../../src/domain/run-state.js';

const steps = ['action', 'agent', 'approval', 'pipeline', 'handoff'].map(
  (kind) => ({ id: kind, name: `The ${kind}`, kind }) as PlanStep,
);
const standing = (change: Partial<OverrideStanding> & { readonly all?: StepStatus } = {}): OverrideStanding => ({
  phase: 'open',
  paused: false,
  called: false,
  steps,
  statuses: new Map(steps.map(({ id }) => [id, change.all ?? 'pending'])),
  ...change,
});
const codeOf = (override: Override, change?: Parameters<typeof standing>[0]) =>
  refuseOverride(override, standing(change))?.code ?? null;

const KINDS: readonly Override[] = [
  { kind: 'skip', step: 'agent' },
  { kind: 'complete', step: 'agent', output: {} },
  { kind: 'reassign', step: 'agent', agent: 'devon' },
  { kind: 'reset', step: 'agent' },
  { kind: 'pause' },
  { kind: 'resume' },
  { kind: 'cancel' },
  { kind: 'risk', tier: 'low' },
];

describe('refuseOverride', () => {
  it.each(KINDS)('refuses $kind of a run that has ended, or that is being cancelled', (override) => {
    expect(codeOf(override, { phase: 'ended' })).toBe('run-ended');
    expect(codeOf(override, { phase: 'ending' })).toBe('run-ending');
  });

  it.each(['pending', 'running', 'waiting'] as const)('lets people end a step that is %s, or reassign it', (all) => {
    for (const override of KINDS.slice(0, 3)) expect(codeOf(override, { all })).toBeNull();
  });

  it.each([
    ['succeeded', 'it succeeded.'],
    ['failed', 'it failed.'],
    ['skipped', 'it was skipped.'],
    ['cancelled', 'it was cancelled.'],
  ] as const)('leaves a step that %s as it ended', (all, ending) => {
    for (const override of KINDS.slice(0, 3)) {
      const refused = refuseOverride(override, standing({ all }));
      expect(refused).toEqual({ code: 'step-ended', message: `The agent has ended already: ${ending}` });
    }
    expect(codeOf({ kind: 'reset', step: 'agent' }, { all })).toBeNull();
  });

  it('names the steps that there are', () => {
    expect(refuseOverride({ kind: 'skip', step: 'x' }, standing())).toEqual({
      code: 'step-not-found',
      message: 'The run has no step x; it has action, agent, approval, pipeline, handoff.',
    });
  });

  it('gives an approval to nobody but people, and a step only where agents do it', () => {
    expect(codeOf({ kind: 'complete', step: 'approval', output: {} })).toBe('not-for-approvals');
    expect(codeOf({ kind: 'skip', step: 'approval' })).toBeNull();
    for (const step of ['action', 'approval', 'pipeline'])
      expect(codeOf({ kind: 'reassign', step, agent: 'devon' })).toBe('no-agent-step');
    for (const step of ['agent', 'handoff']) expect(codeOf({ kind: 'reassign', step, agent: 'devon' })).toBeNull();
  });

  it('pauses what goes on, and resumes what is paused', () => {
    expect(codeOf({ kind: 'pause' })).toBeNull();
    expect(codeOf({ kind: 'pause' }, { paused: true })).toBe('paused-already');
    expect(codeOf({ kind: 'resume' })).toBe('not-paused');
    expect(codeOf({ kind: 'resume' }, { paused: true })).toBeNull();
    expect(codeOf({ kind: 'cancel' }, { paused: true })).toBeNull();
  });

  it('resets no run that another waits for', () => {
    expect(codeOf({ kind: 'reset', step: 'agent' }, { called: true })).toBe('run-called');
    expect(codeOf({ kind: 'skip', step: 'agent' }, { called: true })).toBeNull();
  });
});

describe('roleForOverride', () => {
  it('asks for a reviewer to hold a run, an author to change it, an admin to take a decision from people', () => {
    expect(KINDS.map((override) => roleForOverride(override, steps))).toEqual([
      ...Array.from({ length: 4 }, () => 'author'),
      'reviewer',
      'reviewer',
      'author',
      'admin',
    ]);
    expect(roleForOverride({ kind: 'risk', tier: 'high' }, steps)).toBe('author');
    expect(roleForOverride({ kind: 'skip', step: 'approval' }, steps)).toBe('admin');
    expect(roleForOverride({ kind: 'skip', step: 'unknown' }, steps)).toBe('author');
  });
});

describe('describeOverride', () => {
  it('says who did what, and why', () => {
    const lines = KINDS.map((override) =>
      describeOverride(
        overrideFacts(
          { override, by: { id: '1', handle: 'maya' }, reason: 'it is late', key: 'k', origin: null },
          'step' in override ? 'Work' : null,
        ),
      ),
    );
    expect(lines).toEqual([
      'maya skipped Work: it is late',
      'maya completed Work: it is late',
      'maya reassigned Work to devon: it is late',
      'maya reset the run to Work: it is late',
      'maya paused the run: it is late',
      'maya resumed the run: it is late',
      'maya cancelled the run: it is late',
      'maya set the risk of the run to low: it is late',
    ]);
  });
});
