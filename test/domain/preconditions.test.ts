import type { AgentRef, AgentStep, HandoffStep, Plan, PlanStep } from '../../src/domain/plan.js';
import {
  findPreconditions,
  type Member,
  type PreconditionFacts,
  tellPrecondition,
  type WorkerReport,
} from '../../src/domain/preconditions.js';

const member = (name: string, more: Partial<Member> = {}): Member => ({
  id: `id-${name}`,
  name,
  roles: [],
  capabilities: [],
  riskLevel: 'AUTO',
  status: 'idle',
  adapter: 'claude',
  standsFor: null,
  entry: { program: null, keys: null, hasBaseUrl: false, usesLogin: false },
  ...more,
});
const step = (name: string, agent: AgentRef, action: string, more: Partial<AgentStep> = {}): PlanStep =>
  ({
    kind: 'agent',
    id: name.toLowerCase(),
    name,
    dependsOn: [],
    when: null,
    map: null,
    repository: null,
    agent,
    action,
    gates: [],
    ...more,
  }) as unknown as PlanStep;
const role = (name: string): AgentRef => ({ kind: 'role', role: name });
const plan = (...steps: readonly PlanStep[]): Plan => ({ name: 'p', description: null, triggers: [], steps });
const worker = (isInstalled: boolean, ...variables: readonly string[]): WorkerReport => ({
  programs: [
    {
      name: 'claude',
      title: 'Claude',
      command: 'claude',
      install: 'npm i claude',
      isInstalled,
      keys: ['A_KEY'],
      loginFault: null,
    },
  ],
  variables,
});
const missing = (steps: readonly PlanStep[], more: Partial<PreconditionFacts> = {}) =>
  findPreconditions({ plan: plan(...steps), called: [], agents: [], checks: null, workers: [], ...more }).map(
    (one) => `${one.severity} ${tellPrecondition(one)}`,
  );

const implement = step('Implement', role('developer'), 'code.implement');
const test = step('Test', role('tester'), 'code.writeTests');
const devon = member('devon', { roles: ['developer'] });

describe('the agents that a run needs', () => {
  it('are there', () => {
    expect(missing([implement], { agents: [devon] })).toEqual([]);
    expect(missing([{ kind: 'action', id: 'a', name: 'A' } as PlanStep])).toEqual([]);
  });

  it('are missing: steps that lack the same are told together, in pipelines that are called too', () => {
    expect(missing([implement, test], { called: [plan(implement)] })).toEqual([
      'error Implement, Test: the project has no agents. Register a team with `baton agents add PROGRAM --team`.',
    ]);
    expect(missing([implement, test], { agents: [devon] })).toEqual([
      'error Test: no agent holds the role tester. Register one with `baton agents add PROGRAM --name PROGRAM-tester --role tester`, or a whole team with `baton agents add PROGRAM --team`.',
    ]);
  });

  it.each<[string, Partial<AgentStep>]>([
    ['a condition', { when: 'run.number > 1' }],
    ['a list that may be empty', { map: { over: 'x', concurrency: 1 } }],
  ])('are only a warning where the step has %s', (_, more) => {
    const maybe = step('Maybe', role('tester'), 'code.writeTests', more);
    expect(missing([maybe, implement], { agents: [member('rae', { roles: ['reviewer'] })] })).toEqual([
      expect.stringMatching(/^error Implement: no agent holds the role developer/),
      expect.stringMatching(/^warning Maybe: no agent holds the role tester/),
    ]);
  });

  it('are a warning where a person can still resume or approve', () => {
    expect(missing([implement], { agents: [{ ...devon, status: 'paused' }] })).toEqual([
      'warning Implement: devon is paused. Resume it with `baton agents resume devon`.',
    ]);
    expect(missing([implement], { agents: [{ ...devon, riskLevel: 'APPROVAL_REQUIRED' }] })).toEqual([
      expect.stringMatching(/^warning Implement: devon acts only where an approval comes/),
    ]);
  });

  it('are the ones of earlier steps where a step asks for the same', () => {
    const same = step('Fix', { kind: 'same', step: 'implement' }, 'code.fix');
    const workers = [worker(true)];
    const local = { program: null, keys: null, hasBaseUrl: true, usesLogin: false };
    const agents = [member('ada', { roles: ['maintainer'] }), { ...devon, entry: local }];
    expect(missing([implement, same], { agents, workers })).toEqual([]);
    const orphaned = step('Fix', { kind: 'same', step: 'elsewhere' }, 'code.fix');
    expect(missing([orphaned], { agents: [member('rae', { roles: ['reviewer'] })] })).toEqual([
      expect.stringMatching(/^error Fix: no agent of the project can do code.fix/),
    ]);
  });

  it('may be kept out of the repository of the run, not out of another that the step names', () => {
    const agents = [{ ...devon, barred: 'it may not work in demo' }];
    const elsewhere = step('Fix', role('developer'), 'code.fix', { repository: 'x' as unknown as null });
    expect(missing([elsewhere], { agents })).toEqual([]);
    expect(missing([implement], { agents })).toEqual([
      'warning Implement: devon is kept out: it may not work in demo. Change the permissions of devon.',
    ]);
  });

  it('may stand for a role, which another holds', () => {
    const desk = member('desk', {
      adapter: 'role',
      roles: ['review-desk'],
      standsFor: { role: 'code-reviewer', actions: { reviewPR: 'review.code' } },
    });
    const review = step('Review', { kind: 'named', name: 'desk' }, 'reviewPR');
    const plain = step('Other', { kind: 'named', name: 'desk' }, 'summarise');
    expect(missing([review, plain], { agents: [desk, member('rae', { roles: ['code-reviewer'] })] })).toEqual([]);
    expect(missing([review], { agents: [desk] })).toEqual([
      'error Review: the project has no agents. Register a team with `baton agents add PROGRAM --team`.',
    ]);
    expect(missing([review], { agents: [desk, devon] })).toEqual([
      expect.stringMatching(/^error Review: no agent holds the role code-reviewer/),
    ]);
  });

  it('of a hand-off are both of the pair', () => {
    const handoff = { ...test, kind: 'handoff', name: 'Pair', tester: role('tester'), developer: role('developer') };
    expect(missing([handoff as unknown as HandoffStep], { agents: [devon] })).toEqual([
      expect.stringMatching(/^error Pair: no agent holds the role tester/),
    ]);
  });
});

describe('the programs and keys that a run needs', () => {
  it('are not known without a report', () => {
    expect(missing([implement], { agents: [devon], workers: [] })).toEqual([]);
    expect(missing([implement], { agents: [{ ...devon, adapter: 'script' }], workers: [worker(false)] })).toEqual([]);
  });

  it('are there where one worker has them', () => {
    expect(missing([implement], { agents: [devon], workers: [worker(false), worker(true, 'A_KEY')] })).toEqual([]);
  });

  it('are missing on every worker', () => {
    expect(missing([implement], { agents: [devon], workers: [worker(false), worker(false, 'A_KEY')] })).toEqual([
      'error Implement: the agent devon needs Claude, and no worker has claude on its PATH. Install it with `npm i claude` and restart the worker.',
    ]);
    expect(missing([implement], { agents: [devon], workers: [worker(true)] })).toEqual([
      'error Implement: the agent devon needs A_KEY, and no worker has it in its environment. Set A_KEY and restart the worker.',
    ]);
  });

  it('are a login where the agent asks for one', () => {
    const entry = { program: null, keys: null, hasBaseUrl: false, usesLogin: true };
    const agents = [{ ...devon, entry }];
    const without = worker(true);
    const faulty = { ...without, programs: without.programs.map((one) => ({ ...one, loginFault: 'Sign in first.' })) };
    expect(missing([implement], { agents, workers: [without] })).toEqual([]);
    expect(missing([implement], { agents, workers: [faulty] })).toEqual([
      'error Implement: the agent devon signs in with a login, and no worker has one. Sign in first.',
    ]);
  });

  it('are those that the agent names', () => {
    const entry = { program: '/opt/claude', keys: ['B_KEY', 'C_KEY'], hasBaseUrl: true, usesLogin: false };
    expect(missing([implement], { agents: [{ ...devon, entry }], workers: [worker(false)] })).toEqual([
      expect.stringMatching(/needs B_KEY and C_KEY, and no worker has them in its environment/),
    ]);
    const local = { program: null, keys: null, hasBaseUrl: true, usesLogin: false };
    expect(missing([implement], { agents: [{ ...devon, entry: local }], workers: [worker(true)] })).toEqual([]);
  });
});

describe('the commands of the repository that gates need', () => {
  const gated = (more: Partial<AgentStep> = {}) =>
    step('Implement', role('developer'), 'code.implement', {
      gates: [{ kind: 'tests' }, { kind: 'coverage', minimumPercent: 80 }, { kind: 'secrets' } as never],
      ...more,
    });
  const checks = { commands: ['test'], lockFileWithoutSetUp: null, fault: null } as const;

  it('are missing, which is a warning: the run may ask, and people can add them and go on', () => {
    expect(missing([gated()], { agents: [devon], checks })).toEqual([
      'warning Implement: the repository has no coverage command, and a gate of the step needs it. Add `coverage: { command: … }` to .baton/repository.yaml on the default branch.',
    ]);
  });

  it('are not looked for in another repository', () => {
    expect(missing([gated({ repository: 'x' as unknown as null })], { agents: [devon], checks })).toEqual([]);
  });

  it('may lack the dependencies that a set-up installs', () => {
    const bare = { ...checks, lockFileWithoutSetUp: 'uv.lock' };
    expect(missing([gated({ gates: [{ kind: 'tests' }] })], { agents: [devon], checks: bare })).toEqual([
      'warning Implement: the repository has uv.lock and no set-up command, so its gates run without installed dependencies. Add `setup: { command: … }` to .baton/repository.yaml on the default branch.',
    ]);
    expect(missing([implement], { agents: [devon], checks: bare })).toEqual([]);
  });

  it('cannot be read', () => {
    const faulty = { commands: [], lockFileWithoutSetUp: null, fault: '.baton/repository.yaml is not valid' };
    expect(missing([implement], { agents: [devon], checks: faulty })).toEqual([
      'error Implement: .baton/repository.yaml is not valid. Correct .baton/repository.yaml on the default branch.',
    ]);
  });

  it('of a hand-off are its tests', () => {
    const pair = { ...test, kind: 'handoff', name: 'Pair', tester: role('tester'), developer: role('developer') };
    const agents = [devon, member('tara', { roles: ['tester'] })];
    const none = { ...checks, commands: [] };
    expect(missing([pair as unknown as HandoffStep], { agents, checks: none })).toEqual([
      expect.stringMatching(/^warning Pair: the repository has no test command/),
    ]);
  });
});

it('tells what is missing for a whole pipeline', () => {
  expect(tellPrecondition({ severity: 'error', steps: [], why: 'x is not active', fix: 'Activate x' })).toBe(
    'x is not active. Activate x.',
  );
});
