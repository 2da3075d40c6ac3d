import { readdirSync, readFileSync } from 'node:fs';
import type { Plan, PlanStep } from '../../../src/domain/plan.js';
import { type Compilation, compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';
import type { KnownNames } from '../../../src/schema/pipeline/known-names.js';

const DESIGNS = new URL('../designs/', import.meta.url);

const compile = (yaml: string, known?: KnownNames): Compilation => compilePipeline(yaml, { file: 'p.yaml', known });
function compiled(yaml: string, known?: KnownNames): Extract<Compilation, { kind: 'compiled' }> {
  const compilation = compile(yaml, known);
  if (compilation.kind === 'compiled') return compilation;
  throw new Error(compilation.diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
}
const planOf = (yaml: string, known?: KnownNames): Plan => compiled(yaml, known).plan;
const stepOf = (plan: Plan, id: string): PlanStep => plan.steps.find((step) => step.id === id)!;
const steps = (...lines: string[]): string => ['name: p', 'steps:', ...lines].join('\n');
/** `code@line:column hint` of every diagnostic. */
const says = (yaml: string, known?: KnownNames): readonly string[] => {
  const compilation = compile(yaml, known);
  const found = compilation.kind === 'compiled' ? compilation.warnings : compilation.diagnostics;
  return found.map(({ code, line, column, hint }) => `${code}@${line}:${column}${hint === null ? '' : ` ${hint}`}`);
};

describe('pipelines as the designs wrote them', () => {
  it.each(readdirSync(DESIGNS))('%s compiles without errors and warnings, and can be activated', (file) => {
    const { warnings, unavailable } = compiled(readFileSync(new URL(file, DESIGNS), 'utf8'));
    expect({ warnings, unavailable }).toEqual({ warnings: [], unavailable: [] });
  });
});

describe('spellings of the designs', () => {
  const gate = (approvers: string): unknown => {
    const gateStep = stepOf(planOf(steps('  - { name: Ask, type: human-gate, approvers: ' + approvers + ' }')), 'ask');
    return gateStep.kind === 'approval' && gateStep.policy.kind === 'any' ? gateStep.policy.approvers : null;
  };

  it.each([
    ['[team-lead, tech-lead]', ['team-lead', 'tech-lead']],
    ['team-lead', ['team-lead']],
    ['"team-lead, tech-lead"', ['team-lead', 'tech-lead']],
    ['["role:team-lead", "human:maya"]', ['team-lead', 'maya']],
    ['["Maya Chen", maya@example.org]', ['Maya Chen', 'maya@example.org']],
  ])('approvers: %s', (written, approvers) => {
    expect(gate(written)).toEqual(approvers);
  });

  it('checks approvers against the people of the project, names included', () => {
    const known = { people: [{ handle: 'maya', roles: ['team-lead'], name: 'Maya Chen' }] };
    const ask = (approver: string): string => steps(`  - { name: Ask, type: human-gate, approvers: ["${approver}"] }`);
    expect(says(ask('Maya Chen'), known)).toEqual([]);
    expect(says(ask('role:team-lead'), known)).toEqual([]);
    expect(says(ask('tem-lead'), known)).toEqual(['unknown-approver@3:48 did you mean `human:team-lead`?']);
  });

  it('an approval that names nobody leaves it to the policies, and knows what the agent does after it', () => {
    const plan = planOf(steps('  - { name: Fix, agent: patcher, action: suggestFix, approvalRequired: true }'));
    expect(stepOf(plan, 'fix-approval')).toMatchObject({ policy: { kind: 'policies', action: 'suggestFix' } });
    expect(stepOf(planOf(steps('  - { name: Go, approvalRequired: true }')), 'go')).toMatchObject({
      kind: 'approval',
      policy: { kind: 'policies', action: null },
    });
  });

  it.each([
    ['all', { $cel: 'repositories.map(each, each.name)' }],
    ['[web, api, web]', ['web', 'api']],
    ['web', ['web']],
    ['"{{ context.repos }}"', { $cel: 'context.repos' }],
  ])('repos: %s', (repos, over) => {
    const known = { repositories: ['web', 'api'] };
    const plan = planOf(steps(`  - { name: Scan, action: audit.secrets, params: { repos: ${repos} } }`), known);
    expect(stepOf(plan, 'scan')).toMatchObject({
      map: { over, concurrency: 4, repositories: 'named' },
      repository: { $cel: 'item' },
      params: { allowInconclusive: true },
    });
  });

  it('an audit that names no repository is mapped only in a run without one, and may be strict', () => {
    const plan = planOf(
      steps(
        '  - { name: Scan, action: audit.secrets }',
        '  - { name: Strict, action: audit.sast, params: { repos: all, allowInconclusive: false } }',
        '  - { name: Here, action: audit.sast, repository: "{{ context.r }}" }',
      ),
    );
    expect(stepOf(plan, 'scan')).toMatchObject({
      map: { repositories: 'project' },
      params: { allowInconclusive: { $cel: 'repository == null' } },
    });
    expect(stepOf(plan, 'strict').params).toEqual({ allowInconclusive: false });
    expect(stepOf(plan, 'here').map).toBeNull();
  });

  it('one output is read of an audit of several repositories', () => {
    const yaml = steps(
      '  - { name: Scan, action: audit.secrets, params: { repos: all } }',
      '  - { name: Tell, action: notify.slack, params: { channel: "#a", summary: "{{ nodes.scan.output.told }}" } }',
    );
    expect(says(yaml)).toEqual([]);
    expect(stepOf(planOf(yaml), 'scan').reads).toEqual([['told']]);
    expect(stepOf(planOf(yaml), 'tell').params).toEqual({
      channel: '#a',
      message: { $cel: 'nodes.scan.output.told' },
    });
  });

  it.each([
    ['github.createIssues', 'fromFindings: []', { findings: [] }],
    ['notify.email', 'to: a@b.org', { recipients: ['a@b.org'] }],
    ['notify.webhook', 'summary: done', { message: 'done' }],
    ['github.createPR', 'reviewers: on-call', { reviewers: ['on-call'] }],
  ])('%s with %s', (action, params, compiledParams) => {
    expect(stepOf(planOf(steps(`  - { name: Do, action: ${action}, params: { ${params} } }`)), 'do').params).toEqual(
      compiledParams,
    );
  });

  it('an agent that answers for an action of Baton itself is no warning, also where nobody holds its role', () => {
    const yaml = steps(
      '  - { name: Scan, agent: "role:auditor", action: audit.sast }',
      '  - { name: Tell, agent: notifier, action: notify.slack, params: { channel: "#a" } }',
    );
    expect(says(yaml, { agents: [] })).toEqual([]);
    expect(says(yaml.replace('role:auditor', 'role:auditer'))).toEqual([
      'unknown-role@3:26 did you mean `role:auditor`?',
    ]);
  });

  it('a fix goes to the branch that it names, after its approval', () => {
    const plan = planOf(
      steps(
        '  - name: Fix',
        '    agent: patcher',
        '    action: generateFixPR',
        '    approvalRequired: true',
        '    params: { vulnerabilities: [], targetBranch: "fixes-{{ run.number }}" }',
      ),
    );
    expect(plan.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['fix-approval', []],
      ['fix-branch', ['fix-approval']],
      ['fix', ['fix-approval', 'fix-branch']],
    ]);
    expect(stepOf(plan, 'fix-branch')).toMatchObject({
      action: 'git.createBranch',
      params: { branch: { $text: ['fixes-', { $cel: 'run.number' }] } },
    });
    expect(
      says(
        steps(
          '  - { name: Fix, agent: patcher, action: generateFixPR, approvalRequired: true, params: { targetBranch: "a b" } }',
        ),
      ),
    ).toEqual(['bad-branch@3:105 such as `feature/{{ issue.number }}-{{ issue.slug }}`']);
  });

  it.each(['graph.symbol.changed', 'audit.result.*', 'hub.health.status', 'workflow.trigger.nightly'])(
    'the event %s starts pipelines',
    (event) => {
      const { plan, warnings } = compiled(
        `trigger: { event: "${event}", filters: { severity: [high] } }\n${steps('  - { name: A, action: flow.noop }')}`,
      );
      expect(warnings).toEqual([]);
      expect(plan.triggers).toEqual([{ kind: 'event', type: event, filters: { severity: ['high'] } }]);
    },
  );
});
