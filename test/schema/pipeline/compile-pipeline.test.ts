import { readdirSync, readFileSync } from 'node:fs';
import type { AgentStep, Plan, PlanStep } from '../../../src/domain/plan.js';
import { ACTION_RETRY, AGENT_RETRY, NO_RETRY } from '../../../src/domain/retry.js';
import { type Compilation, compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';
import type { KnownNames } from '../../../src/schema/pipeline/known-names.js';

const PIPELINES = new URL('../pipelines/', import.meta.url);
const TEMPLATE = new URL('../../../templates/feature-development.yaml', import.meta.url);

function compiled(yaml: string, known?: KnownNames): Extract<Compilation, { kind: 'compiled' }> {
  const compilation = compilePipeline(yaml, { file: 'p.yaml', known });
  if (compilation.kind === 'compiled') return compilation;
  throw new Error(compilation.diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
}
const planOf = (yaml: string, known?: KnownNames): Plan => compiled(yaml, known).plan;
const steps = (...lines: string[]): Plan => planOf(['name: p', 'steps:', ...lines].join('\n'));
const nodes = (...lines: string[]): Plan => planOf(['name: p', 'nodes:', ...lines].join('\n'));
const stepOf = (plan: Plan, id: string): PlanStep => {
  const step = plan.steps.find((candidate) => candidate.id === id);
  if (step) return step;
  throw new Error(`no ${id} among ${plan.steps.map((candidate) => candidate.id).join(', ')}`);
};
const order = (plan: Plan): Record<string, readonly string[]> =>
  Object.fromEntries(plan.steps.map(({ id, dependsOn }) => [id, dependsOn]));
const triggersOf = (...lines: string[]): Plan['triggers'] =>
  planOf([...lines, 'name: p', 'steps: [{ name: One, action: flow.noop }]'].join('\n')).triggers;

describe('the pipelines of R4.1 to R4.7', () => {
  const files = readdirSync(PIPELINES).filter((name) => name.endsWith('.yaml'));

  it.each(files)('%s loads; what is not there yet is a warning, and keeps it from being activated', (file) => {
    const { plan, warnings, unavailable } = compiled(readFileSync(new URL(file, PIPELINES), 'utf8'));
    expect(file.startsWith(`${plan.name}.`)).toBe(true);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(unavailable.length > 0 ? ['not-there-yet'] : []));
  });

  it('are there in both vocabularies', () => {
    const names = files.map((file) => file.split('.')[0]!);
    expect(names.length).toBe(2 * new Set(names).size);
  });

  it('compile to the same steps in both vocabularies, save for names', () => {
    const shape = ({ kind, timeoutMs, retry, ...step }: PlanStep): unknown => ({
      kind,
      timeoutMs,
      retry,
      action: 'action' in step ? step.action : null,
      gates: 'gates' in step ? step.gates : null,
      policy: 'policy' in step ? step.policy : null,
    });
    const [first, second] = ['steps', 'nodes'].map((vocabulary) =>
      planOf(readFileSync(new URL(`feature-development.${vocabulary}.yaml`, PIPELINES), 'utf8')).steps.map(shape),
    );
    expect(first).toEqual(second);
  });
});

describe('templates/feature-development.yaml', () => {
  it('does R4.1, and uses nothing that is not there', () => {
    const { plan, warnings, unavailable } = compiled(readFileSync(TEMPLATE, 'utf8'));
    expect({ warnings, unavailable }).toEqual({ warnings: [], unavailable: [] });
    expect(plan.triggers).toEqual([{ kind: 'label', label: 'feature' }]);
    expect(plan.steps.map((step) => ('action' in step ? step.action : step.kind))).toEqual([
      'git.createBranch',
      'code.implement',
      'code.writeTests',
      'review.security',
      'review.code',
      'github.createPR',
      'approval',
      'github.merge',
    ]);
    expect(stepOf(plan, 'create-branch').params).toEqual({
      branch: { $text: ['feature/', { $cel: 'issue.number' }, '-', { $cel: 'issue.slug' }] },
      from: { $cel: 'repository.defaultBranch' },
    });
    expect(stepOf(plan, 'implement')).toMatchObject({
      timeoutMs: 4 * 3_600_000,
      agent: { kind: 'role', role: 'developer' },
    });
    expect((stepOf(plan, 'write-tests') as AgentStep).gates).toEqual([
      { kind: 'tests' },
      { kind: 'coverage', minimumPercent: 80 },
    ]);
    expect(stepOf(plan, 'open-pull-request').params).toMatchObject({ reviewers: ['human:team-lead'] });
    expect(stepOf(plan, 'approval')).toMatchObject({
      policy: { kind: 'any', approvers: ['team-lead', 'tech-lead'], atLeast: 1 },
    });
    expect(stepOf(plan, 'merge')).toMatchObject({ approvals: ['approval'], params: { strategy: 'squash' } });
  });
});

describe('the order of steps', () => {
  it('is that of the list under `steps`', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop }',
      '  - { name: B, action: flow.noop }',
      '  - { name: C, action: flow.noop }',
    );
    expect(order(plan)).toEqual({ a: [], b: ['a'], c: ['b'] });
  });

  it('is only that of `dependsOn` under `nodes`', () => {
    const plan = nodes(
      '  - { id: c, action: flow.noop, dependsOn: [a] }',
      '  - { id: b, action: flow.noop }',
      '  - { id: a, action: flow.noop }',
    );
    expect(order(plan)).toEqual({ a: [], c: ['a'], b: [] });
    expect(plan.steps.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('groups parallel steps with the one before them, and makes the next wait for all', () => {
    const plan = steps(
      '  - { name: Start, action: flow.noop }',
      '  - { name: A, action: flow.noop }',
      '  - { name: B, action: flow.noop, parallel: true }',
      '  - { name: C, action: flow.noop, parallel: true }',
      '  - { name: Join, action: flow.noop }',
      '  - { name: End, action: flow.noop }',
    );
    expect(order(plan)).toEqual({
      start: [],
      a: ['start'],
      b: ['start'],
      c: ['start'],
      join: ['a', 'b', 'c'],
      end: ['join'],
    });
  });

  it('starts a group at once where the list begins with it', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop, parallel: true }',
      '  - { name: B, action: flow.noop, parallel: true }',
      '  - { name: C, action: flow.noop }',
    );
    expect(order(plan)).toEqual({ a: [], b: [], c: ['a', 'b'] });
  });

  it('puts a parallel step beside one that says itself what it waits for', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop }',
      '  - { name: B, action: flow.noop }',
      '  - { name: C, action: flow.noop, dependsOn: A }',
      '  - { name: D, action: flow.noop, parallel: true }',
      '  - { name: E, action: flow.noop }',
    );
    expect(order(plan)).toEqual({ a: [], b: ['a'], c: ['a'], d: ['a'], e: ['c', 'd'] });
  });

  it('puts a parallel step beside the step before, not beside the approval that this one waits for', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop }',
      '  - { name: B, action: flow.noop, approvalRequired: true, approvers: [human:ann] }',
      '  - { name: C, action: flow.noop, parallel: true }',
    );
    expect(order(plan)).toEqual({ a: [], 'b-approval': ['a'], b: ['b-approval'], c: ['a'] });
  });

  it('takes a step that depends on nothing out of the list', () => {
    expect(
      order(steps('  - { name: A, action: flow.noop }', '  - { name: B, action: flow.noop, dependsOn: [] }')),
    ).toEqual({ a: [], b: [] });
  });

  it('knows steps by name, spaces and all, and by id', () => {
    const plan = nodes(
      '  - { name: Write the tests, action: flow.noop }',
      '  - { id: x, name: Second, action: flow.noop }',
      '  - { id: end, action: flow.noop, dependsOn: [Write the tests, write-the-tests, Second] }',
    );
    expect(stepOf(plan, 'end').dependsOn).toEqual(['write-the-tests', 'x']);
  });

  it('says that `parallel` means nothing under `nodes`', () => {
    const { warnings } = compiled('name: p\nnodes:\n  - { id: a, action: flow.noop, parallel: true }');
    expect(warnings.map(({ code }) => code)).toEqual(['parallel-unused']);
  });

  it('makes ids from names, numbered where they would be the same', () => {
    const plan = steps(
      '  - { name: Größe!, action: flow.noop }',
      '  - { name: große, action: flow.noop }',
      '  - { id: gro-e, action: flow.noop }',
      '  - { name: 測試, action: flow.noop }',
    );
    expect(plan.steps.map(({ id }) => id)).toEqual(['gro-e-2', 'gro-e-3', 'gro-e', 'x']);
    expect(plan.steps[0]!.name).toBe('Größe!');
  });
});

describe('what a step does', () => {
  it('has the usual timeouts and retries of its kind', () => {
    const plan = steps(
      '  - { name: Action, action: flow.noop }',
      '  - { name: Agent, agent: any, action: code.fix }',
      '  - { name: Approval, type: human-gate, approvers: [human:ann] }',
      '  - { name: Child, pipeline: feature-development }',
      '  - { name: Merge, action: github.merge }',
    );
    expect(plan.steps.map(({ timeoutMs, retry }) => [timeoutMs, retry])).toEqual([
      [5 * 60_000, ACTION_RETRY],
      [3_600_000, AGENT_RETRY],
      [7 * 86_400_000, NO_RETRY],
      [86_400_000, NO_RETRY],
      [3_600_000, ACTION_RETRY],
    ]);
  });

  it('takes timeouts with units, and attempts in all', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop, timeout: 1h30m, retry: 5 }',
      '  - { name: B, agent: any, action: code.fix, timeout: 90s, retry: { delay: 2m, factor: 2 } }',
      '  - { name: C, agent: any, action: code.fix, timeout: 250ms, retry: { attempts: 2, delay: 1s, factor: 1, maxDelay: 2s } }',
    );
    expect(stepOf(plan, 'a')).toMatchObject({ timeoutMs: 5_400_000, retry: { ...ACTION_RETRY, attempts: 5 } });
    expect(stepOf(plan, 'b')).toMatchObject({
      timeoutMs: 90_000,
      retry: { attempts: 3, initialDelayMs: 120_000, factor: 2, maxDelayMs: 120_000 },
    });
    expect(stepOf(plan, 'c')).toMatchObject({
      timeoutMs: 250,
      retry: { attempts: 2, initialDelayMs: 1000, factor: 1, maxDelayMs: 2000 },
    });
  });

  it('is Baton’s own, without an agent, or with one that is not needed', () => {
    const { plan, warnings } = compiled(
      'name: p\nsteps:\n  - { name: A, agent: any, action: flow.noop }\n  - { name: B, agent: role:devops, action: flow.noop }',
    );
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['action', 'action']);
    expect(warnings.map(({ code, line }) => [code, line])).toEqual([['agent-unused', 4]]);
  });

  it('gives `same` the nearest agent before it, past other kinds of steps', () => {
    const plan = steps(
      '  - { name: A, agent: any, action: code.implement }',
      '  - { name: B, agent: role:tester, action: code.writeTests }',
      '  - { name: C, action: flow.noop }',
      '  - { name: D, agent: same, action: code.fix }',
      '  - { name: E, agent: same, action: code.fix, dependsOn: [A] }',
    );
    expect(stepOf(plan, 'd')).toMatchObject({ agent: { kind: 'same', step: 'b' } });
    expect(stepOf(plan, 'e')).toMatchObject({ agent: { kind: 'same', step: 'a' } });
  });

  it('says whose agent `same` takes where two are equally near', () => {
    const { plan, warnings } = compiled(
      'name: p\nsteps:\n  - { name: A, agent: any, action: code.fix }\n  - { name: B, agent: any, action: code.fix, parallel: true }\n  - { name: C, agent: same, action: code.fix }',
    );
    expect(stepOf(plan, 'c')).toMatchObject({ agent: { kind: 'same', step: 'b' } });
    expect(warnings.map(({ code }) => code)).toEqual(['same-ambiguous']);
  });

  it('reads gates in every way they are written', () => {
    const gates = (text: string): unknown =>
      (stepOf(steps('  - name: A', '    agent: any', '    action: code.fix', `    gates: ${text}`), 'a') as AgentStep)
        .gates;
    const coverage = { kind: 'coverage', minimumPercent: 80 };
    expect(gates('tests')).toEqual([{ kind: 'tests' }]);
    expect(gates('[tests, lint, coverage: 80]')).toEqual([{ kind: 'tests' }, { kind: 'lint' }, coverage]);
    expect(gates('[coverage 80%]')).toEqual([coverage]);
    expect(gates('["coverage: 80 %"]')).toEqual([coverage]);
    expect(gates('{ tests: true, coverage: 80 }')).toEqual([{ kind: 'tests' }, coverage]);
    expect(gates('coverage 99.5')).toEqual([{ kind: 'coverage', minimumPercent: 99.5 }]);
  });

  it('is mapped over a list, with its items in the params and the repository', () => {
    const plan = steps(
      '  - name: A',
      '    action: flow.noop',
      "    forEach: '{{ context.repositories }}'",
      "    repository: '{{ item }}'",
      "    params: { place: '{{ index }}' }",
      '  - { name: B, action: flow.noop, map: { over: [1, 2], concurrency: 2 } }',
    );
    expect(stepOf(plan, 'a')).toMatchObject({
      map: { over: { $cel: 'context.repositories' }, concurrency: 4 },
      repository: { $cel: 'item' },
      params: { place: { $cel: 'index' } },
    });
    expect(stepOf(plan, 'b').map).toEqual({ over: [1, 2], concurrency: 2 });
  });

  it('is skipped by a condition, however it is written', () => {
    const when = (text: string): string | null =>
      stepOf(steps('  - name: A', '    action: flow.noop', `    ${text}`), 'a').when;
    expect(when('when: issue.number > 1')).toBe('issue.number > 1');
    expect(when("if: '{{ issue.number > 1 }}'")).toBe('issue.number > 1');
    expect(when('condition: false')).toBe('false');
    expect(when("inputs: { condition: '{{ context.go }}' }")).toBe('context.go');
    expect(when('params: { other: 1 }')).toBeNull();
  });

  it('leaves the condition out of the params', () => {
    const plan = steps('  - name: A', '    action: flow.noop', '    inputs: { condition: true, x: 1 }');
    expect(stepOf(plan, 'a')).toMatchObject({ when: 'true', params: { x: 1 } });
  });

  it('takes the words of either vocabulary for the parameters of Baton’s actions', () => {
    const plan = steps(
      '  - { name: A, action: git.createBranch, params: { name: work } }',
      "  - { name: B, action: github.createPR, params: { title: t, reviewer: human:ann, label: '{{ issue.labels }}' } }",
    );
    expect(stepOf(plan, 'a').params).toEqual({ branch: 'work' });
    expect(stepOf(plan, 'b').params).toEqual({
      title: 't',
      reviewers: ['human:ann'],
      labels: { $cel: 'issue.labels' },
    });
  });
});

describe('templates', () => {
  const valueOf = (text: string): unknown =>
    stepOf(steps('  - name: A', '    action: flow.noop', `    params: { x: ${JSON.stringify(text)} }`), 'a').params.x;

  it.each([
    ['plain', 'plain'],
    ['{{ issue.number }}', { $cel: 'issue.number' }],
    [' {{issue.number}}\n', { $cel: 'issue.number' }],
    ['#{{ issue.number }}', { $text: ['#', { $cel: 'issue.number' }] }],
    ['{{ run.a }}{{ run.b }}', { $text: [{ $cel: 'run.a' }, { $cel: 'run.b' }] }],
    ['{{ {"a": {"b": 1}} }}', { $cel: '{"a": {"b": 1}}' }],
    ['{{ "}}" + \'{{\' }}!', { $text: [{ $cel: '"}}" + \'{{\'' }, '!'] }],
    ['{{ "\\"}}" }}', { $cel: '"\\"}}"' }],
    ['}} { x }', '}} { x }'],
  ])('%j', (text, template) => {
    expect(valueOf(text)).toEqual(template);
  });

  it('keep numbers, booleans, null, lists and mappings as they are', () => {
    const plan = steps(
      '  - name: A',
      '    action: flow.noop',
      '    params: { n: -0, f: 1.5, b: true, none: null, l: [1, { x: no }] }',
    );
    expect(stepOf(plan, 'a').params).toEqual({ n: 0, f: 1.5, b: true, none: null, l: [1, { x: 'no' }] });
  });
});

describe('approvals', () => {
  const policy = (...lines: string[]): unknown =>
    (
      stepOf(steps('  - name: Ask', '    type: human-gate', ...lines.map((line) => `    ${line}`)), 'ask') as {
        policy?: unknown;
      }
    ).policy;

  it('ask any one of the approvers unless the policy says otherwise', () => {
    const two = ['ann', 'team-lead'];
    expect(policy('approvers: [human:ann, human:team-lead, human:ann]')).toEqual({
      kind: 'any',
      approvers: two,
      atLeast: 1,
    });
    expect(policy('approvers: human:ann')).toEqual({ kind: 'any', approvers: ['ann'], atLeast: 1 });
    expect(policy('approvers: [human:ann, human:team-lead]', 'approvalPolicy: all')).toEqual({
      kind: 'all',
      approvers: two,
      atLeast: 1,
    });
    expect(policy('approvalPolicy: { any: [human:ann, human:team-lead], atLeast: 2 }')).toEqual({
      kind: 'any',
      approvers: two,
      atLeast: 2,
    });
    expect(policy('approvalPolicy: { all: [human:ann, human:team-lead] }')).toEqual({
      kind: 'all',
      approvers: two,
      atLeast: 1,
    });
    expect(policy('approvalPolicy: { kind: any, approvers: [human:ann] }')).toEqual({
      kind: 'any',
      approvers: ['ann'],
      atLeast: 1,
    });
  });

  it('may be one of policies.yaml, by its name', () => {
    expect(policy('approvalPolicy: feature')).toEqual({ kind: 'named', name: 'feature' });
    const own = compiled('name: p\nsteps:\n  - { name: Ask, type: human-gate, approvalPolicy: ours }');
    expect(own.warnings.map(({ code }) => code)).toEqual(['policy-unchecked']);
  });

  it.each([
    ['no approval comes before it', '- { id: merge, action: github.merge }'],
    [
      'its approval comes beside it',
      '- { id: ask, type: human-gate, approvers: [human:ann] }\n  - { id: merge, action: github.merge }',
    ],
    [
      'its only approval may be skipped',
      '- { id: ask, type: human-gate, approvers: [human:ann], when: false }\n  - { id: merge, dependsOn: [ask], action: github.merge }',
    ],
  ])('is asked for at a merge where %s, which is said', (_what, nodes) => {
    const { warnings } = compiled(`name: p\nnodes:\n  ${nodes}`);
    expect(warnings.map(({ code }) => code)).toEqual(['merge-asks']);
  });

  it('come before a step that requires one, under its condition, by the pipeline’s approvers', () => {
    const plan = planOf(
      'name: p\napprovers: [human:ann]\nnodes:\n  - { id: deploy, action: flow.noop, approvalRequired: true, when: context.go, timeout: 1m, params: { x: 1 } }',
    );
    expect(stepOf(plan, 'deploy-approval')).toMatchObject({
      kind: 'approval',
      name: 'deploy: approval',
      when: 'context.go',
      timeoutMs: 7 * 86_400_000,
      params: {},
      policy: { approvers: ['ann'] },
    });
    expect(stepOf(plan, 'deploy')).toMatchObject({
      when: 'context.go',
      timeoutMs: 60_000,
      params: { x: 1 },
      dependsOn: ['deploy-approval'],
    });
  });

  it('are a step of their own where nothing else is done', () => {
    expect(
      nodes('  - { id: ask, approvalRequired: true, approvers: [human:ann] }').steps.map(({ id, kind }) => [id, kind]),
    ).toEqual([['ask', 'approval']]);
  });

  it('are named for every action that comes after them, however far', () => {
    const plan = steps(
      '  - { name: Ask, type: human-gate, approvers: [human:ann] }',
      '  - { name: Between, action: flow.noop }',
      '  - { name: Merge, action: github.merge, approvalRequired: true, approvers: [human:bob] }',
    );
    expect(stepOf(plan, 'merge')).toMatchObject({ approvals: ['ask', 'merge-approval'] });
  });

  it('may have the same condition as the merge that they are for', () => {
    const plan = steps(
      '  - { name: Merge, action: github.merge, approvalRequired: true, approvers: [human:ann], when: context.go }',
    );
    expect(stepOf(plan, 'merge')).toMatchObject({ approvals: ['merge-approval'] });
  });

  it('do not take an id that the file gives to another step', () => {
    const plan = nodes(
      '  - { id: a, action: flow.noop, approvalRequired: true, approvers: [human:ann] }',
      '  - { id: a-approval, action: flow.noop }',
    );
    expect(plan.steps.map(({ id }) => id)).toEqual(['a-approval-2', 'a', 'a-approval']);
  });

  it('warn of approvers whom the project does not have', () => {
    const people = [{ handle: 'ann', roles: ['team-lead'] }];
    const yaml = 'name: p\nsteps:\n  - { name: Ask, type: human-gate, approvers: [human:team-lead, human:ana] }';
    const { warnings } = compiled(yaml, { people });
    expect(warnings.map(({ code, hint }) => [code, hint])).toEqual([['unknown-approver', 'did you mean `human:ann`?']]);
  });
});

describe('triggers', () => {
  it.each([
    ["trigger: issue.labeled('feature')", { kind: 'label', label: 'feature' }],
    ['trigger: issue.labeled("good first issue")', { kind: 'label', label: 'good first issue' }],
    ['trigger: { label: bug }', { kind: 'label', label: 'bug' }],
    [`trigger: "issue.labeled('type: bug')"`, { kind: 'label', label: 'type: bug' }],
    ["trigger: issue.labeled('bug (confirmed)')", { kind: 'label', label: 'bug (confirmed)' }],
    ["trigger: issue.labeled( 'needs triage, p1' )", { kind: 'label', label: 'needs triage, p1' }],
    ["trigger: issue.labeled('🐛 bug')", { kind: 'label', label: '🐛 bug' }],
    [`trigger: "issue.labeled('it''s')"`, { kind: 'label', label: "it's" }],
    [`trigger: issue.labeled("it's ""new""")`, { kind: 'label', label: `it's "new"` }],
    [`trigger: issue.labeled(it's)`, { kind: 'label', label: "it's" }],
    [`trigger: issue.labeled('a\\\\b')`, { kind: 'label', label: 'a\\b' }],
    ['trigger: { label: "bug (confirmed), p1" }', { kind: 'label', label: 'bug (confirmed), p1' }],
    ['trigger: schedule.cron(0 9,17 * * 1)', { kind: 'schedule', cron: '0 9,17 * * 1', timeZone: 'UTC' }],
    ['trigger: schedule.weekly(sunday, 2am)', { kind: 'schedule', cron: '0 2 * * 0', timeZone: 'UTC' }],
    ['trigger: schedule.weekly(Fri, 14:30)', { kind: 'schedule', cron: '30 14 * * 5', timeZone: 'UTC' }],
    ['trigger: schedule.daily(12am)', { kind: 'schedule', cron: '0 0 * * *', timeZone: 'UTC' }],
    ['trigger: schedule.daily(12:15pm)', { kind: 'schedule', cron: '15 12 * * *', timeZone: 'UTC' }],
    ['trigger: schedule.monthly(1, 9pm)', { kind: 'schedule', cron: '0 21 1 * *', timeZone: 'UTC' }],
    ["trigger: schedule.cron('*/5 * * * mon-fri')", { kind: 'schedule', cron: '*/5 * * * mon-fri', timeZone: 'UTC' }],
    ['trigger: { schedule: "0 9 * * 1" }', { kind: 'schedule', cron: '0 9 * * 1', timeZone: 'UTC' }],
    [
      'trigger: { schedule: "daily(2am)", timeZone: Europe/Berlin }',
      { kind: 'schedule', cron: '0 2 * * *', timeZone: 'Europe/Berlin' },
    ],
    ['trigger: manual', { kind: 'manual' }],
    ['trigger: { manual: true }', { kind: 'manual' }],
    ['trigger: { event: repo.push }', { kind: 'event', type: 'repo.push', filters: {} }],
    ['trigger: repo.push', { kind: 'event', type: 'repo.push', filters: {} }],
    ['trigger: [graph.file.updated]', { kind: 'event', type: 'graph.file.updated', filters: {} }],
    ['trigger: { manual: "yes" }', { kind: 'manual' }],
    ['description: none is named', { kind: 'manual' }],
  ])('%s', (line, trigger) => {
    expect(triggersOf(line)).toEqual([trigger]);
  });

  it.each([
    ["trigger: issue.labeled('type: bug')", 'a value with a colon and a space in it is written in quotes'],
    [
      'trigger: issue.labeled(bug (confirmed))',
      'a label with parentheses or quotes is written in quotes, such as `issue.labeled("bug (confirmed)")`',
    ],
    [
      'trigger: issue.labeled(needs triage, p1)',
      "write `issue.labeled('feature')`, a label with a comma in quotes, and a list of triggers for several labels",
    ],
  ])('%s is refused with how to write it', (line, hint) => {
    const found = compilePipeline(`name: p\n${line}\nsteps: [{ name: One, action: flow.noop }]`, { file: 'p.yaml' });
    expect(found).toMatchObject({ kind: 'refused' });
    expect(found.kind === 'refused' && found.diagnostics.map((one) => one.hint)).toContain(hint);
  });

  it('filter events by any field, with globs that reach into folders', () => {
    expect(
      triggersOf(
        'trigger:',
        '  event: repo.push',
        '  filters:',
        '    branch: [main, release/*]',
        "    files: '**.{ts,tsx}'",
        '    size: 3',
        '    forced: false',
      ),
    ).toEqual([
      {
        kind: 'event',
        type: 'repo.push',
        filters: { branch: ['main', 'release/*'], files: ['**/*.{ts,tsx}'], size: ['3'], forced: ['false'] },
      },
    ]);
  });

  it('may be several', () => {
    expect(triggersOf("triggers: [issue.labeled('a'), manual]")).toEqual([
      { kind: 'label', label: 'a' },
      { kind: 'manual' },
    ]);
  });
});

describe('names of the project', () => {
  const agentStep = (agent: string, action: string, known?: KnownNames): Compilation =>
    compilePipeline(`name: p\nsteps:\n  - { name: A, agent: '${agent}', action: ${action} }`, {
      file: 'p.yaml',
      known,
    });
  const codes = (compilation: Compilation): readonly string[] =>
    (compilation.kind === 'compiled' ? compilation.warnings : compilation.diagnostics).map(({ code }) => code);
  const agents = [
    { name: 'devon', roles: ['developer', 'chef'], capabilities: ['code.implement', 'cook'] },
    { name: 'free', roles: ['reviewer'], capabilities: [] },
  ];

  it('are taken on trust without a server, with a warning', () => {
    expect(codes(agentStep('devon', 'cook'))).toEqual(['agent-unchecked']);
    expect(
      codes(compilePipeline('name: p\nsteps:\n  - { name: A, pipeline: nightly, repository: web }', { file: 'p' })),
    ).toEqual(['pipeline-unchecked', 'repository-unchecked']);
  });

  it('are checked on the server', () => {
    expect(codes(agentStep('devon', 'cook', { agents }))).toEqual([]);
    expect(codes(agentStep('any', 'cook', { agents }))).toEqual([]);
    expect(codes(agentStep('role:chef', 'cook', { agents }))).toEqual([]);
    expect(codes(agentStep('free', 'review.code', { agents }))).toEqual([]);
    expect(codes(agentStep('role:code-reviewer', 'review.code', { agents }))).toEqual([]);
    expect(codes(agentStep('role:tester', 'code.writeTests', { agents }))).toEqual(['role-unfilled']);
    expect(codes(agentStep('any', 'bake', { agents }))).toEqual(['unknown-action']);
    expect(
      codes(
        compilePipeline('name: p\nsteps:\n  - { name: A, pipeline: nightly, repository: web }', {
          file: 'p',
          known: { pipelines: ['nightly'], repositories: ['web'] },
        }),
      ),
    ).toEqual([]);
  });

  it('may be those of built-in agents', () => {
    expect(codes(agentStep('security-assessor', 'evaluateRisk'))).toEqual([]);
    expect(codes(agentStep('any', 'evaluateRisk'))).toEqual([]);
    expect(agentStep('security-assessor', 'evaluateRisk', { agents })).toMatchObject({
      unavailable: ['security-assessor'],
      warnings: [{ hint: 'register it with `bin/baton agents add --built-in security-assessor`' }],
    });
    expect(agentStep('any', 'scanRepository', { agents })).toMatchObject({ unavailable: ['scanRepository'] });
    expect(
      codes(
        agentStep('security-scanner', 'scanRepository', {
          agents: [{ name: 'security-scanner', roles: [], capabilities: ['scanRepository'] }],
        }),
      ),
    ).toEqual([]);
  });

  it('lists once what is not there yet, however often it is used', () => {
    const yaml =
      'name: p\nsteps:\n  - { name: A, pipeline: ci-failure-fix }\n  - { name: B, pipeline: ci-failure-fix }\n  - { name: C, agent: any, action: suggestFix }';
    expect(compiled(yaml, { agents }).unavailable).toEqual(['ci-failure-fix', 'suggestFix']);
  });

  it('knows every method of merging, also as `method`', () => {
    const yaml =
      'name: p\nsteps:\n  - { name: M, action: github.merge, approvalRequired: true, approvers: [human:ann], params: { strategy: rebase } }';
    expect(compiled(yaml).unavailable).toEqual([]);
    const method = yaml.replace('strategy: rebase', 'method: merge');
    expect(stepOf(planOf(method), 'm')).toMatchObject({ params: { strategy: 'merge' } });
  });
});

describe('an agent that acts only after an approval', () => {
  const fix = '{ name: Fix, agent: patcher, action: suggestFix, approvers: [human:team-lead]';
  const gate = '{ name: Gate, type: human-gate, approvers: [human:team-lead]';

  it('is asked for before it acts, where the file does not ask by itself', () => {
    expect(order(steps(`  - ${fix} }`))).toEqual({ 'fix-approval': [], fix: ['fix-approval'] });
    expect(order(steps(`  - ${fix}, approvalRequired: true }`))).toEqual({ 'fix-approval': [], fix: ['fix-approval'] });
    expect(order(steps(`  - ${gate} }`, '  - { name: Other, action: flow.noop }', `  - ${fix} }`))).toMatchObject({
      fix: ['fix-approval'],
    });
  });

  it('is asked for once', () => {
    const bare = '{ name: Fix, agent: patcher, action: suggestFix }';
    expect(order(steps(`  - ${gate} }`, `  - ${bare}`))).toEqual({ gate: [], fix: ['gate'] });
  });

  it('is not let through by an approval that may be skipped, unless it is skipped with it', () => {
    const when = (text: string): string => `, when: 'context.${text}' }`;
    expect(order(steps(`  - ${gate}${when('a')}`, `  - ${fix}${when('a')}`))).toEqual({ gate: [], fix: ['gate'] });
    for (const other of [when('b'), ' }'])
      expect(order(steps(`  - ${gate}${when('a')}`, `  - ${fix}${other}`))).toMatchObject({ fix: ['fix-approval'] });
  });
});

describe('what comes back into the workflow', () => {
  it('is only what later expressions read', () => {
    const plan = steps(
      '  - { name: Scan, action: flow.noop }',
      '  - { name: Other, action: flow.noop }',
      '  - name: Read',
      '    action: flow.noop',
      "    when: nodes.scan.output.summary.critical > 0 && nodes.other.status == 'succeeded'",
      '    params:',
      "      all: '{{ nodes.scan.output.findings[0].rule }}'",
      "      count: '{{ nodes.scan.output.findings.size() }} of {{ nodes.scan.output.summary.critical }}'",
    );
    expect(stepOf(plan, 'scan').reads).toEqual([['summary', 'critical'], ['findings']]);
    expect(stepOf(plan, 'other').reads).toEqual([]);
  });

  it('is the whole output where something reads the whole', () => {
    const plan = steps(
      '  - { name: Scan, action: flow.noop }',
      "  - { name: Read, action: flow.noop, params: { a: '{{ nodes.scan.output }}', b: '{{ nodes.scan.output.x }}' } }",
    );
    expect(stepOf(plan, 'scan').reads).toEqual([[]]);
  });
});

describe('limits', () => {
  it('lets a plan of 1,000 steps pass', () => {
    const lines = Array.from(
      { length: 1000 },
      (_, n) => `  - { name: Step ${n}, action: flow.noop, params: { n: ${n}, text: '{{ issue.title }}' } }`,
    );
    const plan = steps(...lines);
    expect(plan.steps.length).toBe(1000);
    expect(plan.steps.at(-1)).toMatchObject({ id: 'step-999', dependsOn: ['step-998'] });
  });

  it('reads an anchor where it is used', () => {
    const plan = steps(
      '  - { name: A, action: flow.noop, retry: &often { attempts: 9 } }',
      '  - { name: B, action: flow.noop, retry: *often }',
    );
    expect(stepOf(plan, 'b').retry.attempts).toBe(9);
  });

  it('warns of a template that YAML takes for a comment', () => {
    const { warnings } = compiled(
      'name: p\nsteps:\n  - name: A\n    action: flow.noop\n    params:\n      title: Closes #{{ issue.number }}\n      text: Closes #1 #{{ x }}\n      lost: Closes #1 # {{ issue.title }}',
    );
    expect(warnings.map(({ code, line }) => [code, line])).toEqual([
      ['template-in-comment', 6],
      ['template-in-comment', 7],
      ['template-in-comment', 8],
    ]);
  });
});
