import { PLAN_LIMITS } from '../../../src/domain/plan.js';
import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';
import type { KnownNames } from '../../../src/schema/pipeline/known-names.js';

interface Broken {
  readonly is: string;
  readonly yaml: string;
  /** Every diagnostic in order, as `code@line`; warnings as `(code@line)`. */
  readonly says: readonly string[];
  /** Of the first diagnostic. */
  readonly hint?: string;
  readonly column?: number;
  readonly known?: KnownNames;
}

/** A pipeline whose steps begin in line 3. */
const steps = (...lines: string[]): string => ['name: p', 'steps:', ...lines].join('\n');
const nodes = (...lines: string[]): string => ['name: p', 'nodes:', ...lines].join('\n');
/** One step, whose further lines begin in line 5. */
const step = (...lines: string[]): string =>
  steps('  - name: One', '    action: flow.noop', ...lines.map((line) => `    ${line}`));
const agentStep = (...lines: string[]): string =>
  steps('  - name: One', '    agent: any', '    action: code.implement', ...lines.map((line) => `    ${line}`));
const trigger = (...lines: string[]): string =>
  [...lines, 'name: p', 'steps: [{ name: One, action: flow.noop }]'].join('\n');
const expression = (text: string): string => step('params:', `  x: '{{ ${text} }}'`);

const project: KnownNames = {
  agents: [{ name: 'devon', roles: ['developer', 'chef'], capabilities: ['code.implement', 'cook'] }],
  repositories: ['web', 'api'],
  pipelines: ['nightly'],
  people: [{ handle: 'ann', roles: ['team-lead'] }],
};

const FILE: readonly Broken[] = [
  { is: 'an empty file', yaml: '', says: ['file-empty@1'] },
  { is: 'a file of comments', yaml: '# nothing\n', says: ['file-empty@1'] },
  { is: 'a list', yaml: '- a', says: ['bad-pipeline@1'] },
  { is: 'a word', yaml: 'pipeline', says: ['bad-pipeline@1'] },
  { is: 'a tab', yaml: 'name: p\nsteps:\n\t- name: One', says: ['yaml-tab@3'], hint: 'indent with spaces' },
  { is: 'two documents', yaml: 'name: p\n---\nname: q', says: ['yaml-documents@2'] },
  { is: 'a key given twice', yaml: `${step()}\nname: q`, says: ['duplicate-key@5'] },
  { is: 'an open quote', yaml: 'name: "p\nsteps: []', says: ['yaml-syntax@2'] },
  { is: 'wrong indentation', yaml: 'name: p\nsteps:\n  - name: a\n action: b', says: ['yaml-syntax@4'] },
  { is: 'a tag', yaml: step('params: { x: !js "1" }'), says: ['yaml-tag@5'] },
  { is: 'an alias without an anchor', yaml: step('params: { x: *none }'), says: ['yaml-aliases@5'] },
  { is: 'an anchor inside itself', yaml: step('params: &a { x: *a }'), says: ['yaml-too-deep@5'] },
  {
    is: 'a bomb of aliases',
    yaml: step(
      'params:',
      '  a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]',
      ...'bcdefghi'.split('').map((key, index) => {
        const alias = `*${'abcdefgh'[index]!}`;
        return `  ${key}: &${key} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
      }),
    ),
    says: ['yaml-aliases@7'],
  },
  { is: 'hopeless nesting', yaml: '['.repeat(5000), says: ['yaml-too-deep@1'] },
  {
    is: 'a template without quotes',
    yaml: step('when: {{ issue.x }}'),
    says: ['unquoted-template@5'],
    hint: 'write it in quotes: "{{ … }}"',
    column: 11,
  },
  {
    is: 'a template without quotes and text behind',
    yaml: step('when: {{ issue.x }} > 1'),
    says: ['yaml-syntax@5'],
    hint: 'a value that begins with `{{` is written in quotes: "{{ … }}"',
  },
  {
    is: 'an unquoted colon',
    yaml: step('params:', '  title: feat: {{ issue.title }}'),
    says: ['yaml-syntax@6'],
    hint: 'a value with a colon and a space in it is written in quotes',
  },
  { is: 'infinity', yaml: step('params: { x: .inf }'), says: ['yaml-value@5'] },
  { is: 'a list as a key', yaml: step('params: { ? [a] : 1 }'), says: ['yaml-key@5'] },
  { is: 'a key that is the prototype', yaml: step('params: { __proto__: 1 }'), says: ['reserved-key@5'] },
];

const PIPELINE: readonly Broken[] = [
  { is: 'no name', yaml: 'steps: [{ name: One, action: flow.noop }]', says: ['name-missing@1'] },
  { is: 'no steps', yaml: 'name: p', says: ['steps-missing@1'] },
  { is: 'an empty list of steps', yaml: 'name: p\nsteps: []', says: ['steps-missing@2'] },
  { is: 'steps as a mapping', yaml: 'name: p\nsteps: { a: 1 }', says: ['steps-missing@2'] },
  { is: 'steps without a value', yaml: 'name: p\nsteps:', says: ['empty-value@2'] },
  { is: 'a step that is a word', yaml: steps('  - build'), says: ['bad-step@3'] },
  { is: 'a name with a slash', yaml: 'name: a/b\nsteps: [{ name: One, action: flow.noop }]', says: ['bad-name@1'] },
  { is: 'an unknown key', yaml: `triger: manual\n${step()}`, says: ['unknown-key@1'], hint: 'did you mean `trigger`?' },
  {
    is: 'the key of another engine',
    yaml: `on: push\n${step()}`,
    says: ['unknown-key@1'],
    hint: 'did you mean `trigger`?',
  },
  { is: 'both vocabularies at once', yaml: `workflow: q\n${step()}`, says: ['double-key@2'] },
  {
    is: '1,001 steps',
    yaml: steps(...Array.from({ length: 1001 }, (_, n) => `  - { name: s${n}, action: flow.noop }`)),
    says: ['too-many-steps@2'],
  },
  {
    is: 'a plan of more than 1 MiB',
    yaml: step(`params: { x: ${'a'.repeat(1_100_000)} }`),
    says: ['plan-too-large@1'],
  },
  { is: 'a file of more than 2 MiB', yaml: `# ${'a'.repeat(2_100_000)}`, says: ['file-too-large@1'] },
];

const TRIGGERS: readonly Broken[] = [
  {
    is: 'an unknown trigger',
    yaml: trigger("trigger: issue.labelled('x')"),
    says: ['bad-trigger@1'],
    hint: 'did you mean `issue.labeled`?',
  },
  { is: 'a label trigger without a label', yaml: trigger('trigger: issue.labeled()'), says: ['bad-trigger@1'] },
  { is: 'an unknown weekday', yaml: trigger('trigger: schedule.weekly(someday, 2am)'), says: ['bad-trigger@1'] },
  { is: 'an hour that no clock shows', yaml: trigger('trigger: schedule.daily(13pm)'), says: ['bad-trigger@1'] },
  { is: 'the 31st of every month', yaml: trigger('trigger: schedule.monthly(31, 2am)'), says: ['bad-trigger@1'] },
  { is: 'a cron of six fields', yaml: trigger('trigger: { schedule: "0 0 9 * * 1" }'), says: ['bad-cron@1'] },
  { is: 'a cron with hour 24', yaml: trigger('trigger: { schedule: "0 24 * * *" }'), says: ['bad-cron@1'] },
  {
    is: 'an unknown time zone',
    yaml: trigger('trigger: { schedule: "0 9 * * *", timeZone: Mars/Olympus }'),
    says: ['bad-time-zone@1'],
  },
  {
    is: 'filters without an event',
    yaml: trigger('trigger: { label: x, filters: { a: b } }'),
    says: ['bad-trigger@1'],
  },
  {
    is: 'a filter that is a mapping',
    yaml: trigger('trigger:', '  event: repo.push', '  filters:', '    branch: { a: b }'),
    says: ['bad-filter@4'],
  },
  {
    is: 'a glob that does not close',
    yaml: trigger('trigger:', '  event: repo.push', '  filters:', '    files: "[ab"'),
    says: ['bad-filter@4'],
  },
  { is: 'an empty list of triggers', yaml: trigger('triggers: []'), says: ['bad-trigger@1'] },
  {
    is: 'a comma inside a flow list',
    yaml: trigger('triggers: [schedule.weekly(sunday, 2am)]'),
    says: ['bad-trigger@1', 'bad-trigger@1'],
    hint: 'inside `[ ]` a trigger with a comma is written in quotes',
  },
];

const STEPS: readonly Broken[] = [
  { is: 'a step without name and id', yaml: steps('  - action: flow.noop'), says: ['step-unnamed@3'] },
  {
    is: 'an id in camel case',
    yaml: steps('  - id: writeTests', '    action: flow.noop'),
    says: ['bad-id@3'],
    hint: 'did you mean `write-tests`?',
    column: 9,
  },
  {
    is: 'two steps of one name',
    yaml: steps('  - { name: A, action: flow.noop }', '  - { name: A, action: flow.noop }'),
    says: ['double-name@4'],
  },
  {
    is: 'two steps of one id',
    yaml: nodes('  - { id: a, action: flow.noop }', '  - { id: a, action: flow.noop }'),
    says: ['double-id@4'],
  },
  {
    is: 'a misspelt key',
    yaml: step('dependson: [x]'),
    says: ['unknown-key@5'],
    hint: 'did you mean `dependsOn`?',
    column: 5,
  },
  {
    is: 'a key of another engine',
    yaml: step('needs: [x]'),
    says: ['unknown-key@5'],
    hint: 'did you mean `dependsOn`?',
  },
  { is: 'params and inputs', yaml: step('params: { a: 1 }', 'inputs: { a: 1 }'), says: ['double-key@6'] },
  { is: 'an empty value', yaml: step('when:'), says: ['empty-value@5'] },
  {
    is: 'an unknown dependency',
    yaml: steps('  - { name: Build, action: flow.noop }', '  - { name: B, action: flow.noop, dependsOn: [Biuld] }'),
    says: ['unknown-step@4'],
    hint: 'did you mean `Build`?',
  },
  {
    is: 'a step that waits for itself',
    yaml: nodes('  - { id: a, action: flow.noop, dependsOn: [a] }'),
    says: ['cycle@3'],
  },
  {
    is: 'two cycles',
    yaml: nodes(
      '  - { id: a, action: flow.noop, dependsOn: [b] }',
      '  - { id: b, action: flow.noop, dependsOn: [a] }',
      '  - { id: c, action: flow.noop, dependsOn: [d] }',
      '  - { id: d, action: flow.noop, dependsOn: [c] }',
    ),
    says: ['cycle@3', 'cycle@5'],
  },
  {
    is: 'a bare timeout',
    yaml: step('timeout: 30'),
    says: ['bad-duration@5'],
    hint: 'write `30m` for minutes, or `30s`, `30h`',
  },
  {
    is: 'a timeout in words',
    yaml: step('timeout: four hours'),
    says: ['bad-duration@5'],
    hint: 'such as `90s`, `30m`, `4h`, `1h30m` or `7d`',
  },
  { is: 'a timeout of nothing', yaml: step('timeout: 0s'), says: ['bad-duration@5'] },
  { is: 'a timeout of a year', yaml: step('timeout: 365d'), says: ['bad-duration@5'] },
  { is: 'no attempts', yaml: step('retry: 0'), says: ['bad-value@5'] },
  {
    is: 'a misspelt retry',
    yaml: step('retry: { atempts: 3 }'),
    says: ['unknown-key@5'],
    hint: 'did you mean `attempts`?',
  },
  { is: 'a factor below one', yaml: step('retry: { factor: 0.5 }'), says: ['bad-value@5'] },
  { is: 'parallel that is no boolean', yaml: step('parallel: maybe'), says: ['bad-value@5'] },
  { is: 'a map over nothing', yaml: step('map: { concurrency: 2 }'), says: ['map-over-missing@5'] },
  { is: 'a map over a text', yaml: step('forEach: all'), says: ['bad-map@5'] },
  { is: 'a map with too much at once', yaml: step('map: { over: [1], concurrency: 500 }'), says: ['bad-value@5'] },
  {
    is: 'a map over too many items',
    yaml: step(`map: { over: [${'1, '.repeat(PLAN_LIMITS.mapItems)}1] }`),
    says: ['map-too-long@5'],
  },
  { is: 'params that are a list', yaml: step('params: [a]'), says: ['bad-value@5'] },
  { is: 'two conditions', yaml: step('when: true', 'inputs: { condition: false }'), says: ['double-key@6'] },
  {
    is: 'a template in a name',
    yaml: steps('  - name: Fix {{ issue.title }}', '    action: flow.noop'),
    says: ['template-not-here@3'],
  },
  { is: 'a key that looks compiled', yaml: step('params: { $cel: run.id }'), says: ['reserved-key@5'] },
  {
    is: 'an unknown repository',
    yaml: step('repository: wep'),
    known: project,
    says: ['unknown-repository@5'],
    hint: 'did you mean `web`?',
  },
];

const WORK: readonly Broken[] = [
  { is: 'a step that does nothing', yaml: steps('  - name: Think'), says: ['action-missing@3'] },
  {
    is: 'approvers without a gate',
    yaml: steps('  - name: Ask', '    approvers: [human:ann]'),
    says: ['action-missing@3'],
    hint: 'add `type: human-gate`',
  },
  {
    is: 'an unknown type',
    yaml: steps('  - name: Ask', '    type: human-gait'),
    says: ['unknown-type@4'],
    hint: 'did you mean `human-gate`?',
  },
  {
    is: 'a misspelt action',
    yaml: steps('  - name: A', '    agent: any', '    action: code.implment'),
    says: ['unknown-action@5'],
    hint: 'did you mean `code.implement`?',
    column: 13,
  },
  {
    is: 'a misspelt action without an agent',
    yaml: steps('  - name: A', '    action: git.createBrench'),
    says: ['unknown-action@4'],
    hint: 'did you mean `git.createBranch`?',
  },
  {
    is: 'an agent’s action without an agent',
    yaml: steps('  - name: A', '    action: code.implement'),
    says: ['agent-missing@4'],
    hint: 'add `agent: any`',
  },
  {
    is: 'a built-in agent’s action without it',
    yaml: steps('  - name: A', '    action: sendSlack'),
    says: ['agent-missing@4'],
    hint: 'add `agent: notifier`',
  },
  {
    is: 'a misspelt role',
    yaml: steps('  - name: A', '    agent: role:reviwer', '    action: review.code'),
    says: ['unknown-role@4'],
    hint: 'did you mean `role:reviewer`?',
    column: 12,
  },
  {
    is: 'a role written as a name',
    yaml: steps('  - name: A', '    agent: reviewer', '    action: review.code'),
    says: ['unknown-agent@4'],
    hint: 'did you mean `role:reviewer`?',
  },
  {
    is: 'a misspelt role with a misspelt action',
    yaml: steps('  - name: A', '    agent: role:reviwer', '    action: revew.code'),
    says: ['unknown-role@4', 'unknown-action@5'],
  },
  {
    is: 'a role with a hyphen for the colon',
    yaml: steps('  - name: A', '    agent: role-reviewer', '    action: review.code'),
    says: ['unknown-agent@4'],
    hint: 'did you mean `role:reviewer`?',
  },
  {
    is: 'an agent that the project does not have',
    yaml: steps('  - name: A', '    agent: devin', '    action: code.implement'),
    known: project,
    says: ['unknown-agent@4'],
    hint: 'did you mean `devon`?',
  },
  {
    is: 'an action that the agent does not have',
    yaml: steps('  - name: A', '    agent: devon', '    action: cok'),
    known: project,
    says: ['unknown-action@5'],
    hint: 'did you mean `cook`?',
  },
  {
    is: 'an action that a built-in agent does not have',
    yaml: steps('  - name: A', '    agent: patcher', '    action: sugestFix'),
    says: ['no-approvers@4', 'unknown-action@5'],
  },
  {
    is: 'an agent that acts only after an approval, and nobody who could give it',
    yaml: steps('  - name: A', '    agent: patcher', '    action: suggestFix'),
    says: ['no-approvers@4'],
  },
  {
    is: 'an action outside of the role',
    yaml: steps('  - name: A', '    agent: role:tester', '    action: code.refactor'),
    says: ['outside-role@5'],
    hint: 'who may do it: role:developer, role:maintainer, role:devops, role:prompt-engineer',
  },
  {
    is: 'a named agent whose role forbids the action',
    yaml: steps('  - name: A', '    agent: tara', '    action: code.fix'),
    known: { agents: [{ name: 'tara', roles: ['tester'], capabilities: [] }] },
    says: ['outside-role@5'],
    hint: 'who may do it: role:developer, role:maintainer, role:devops, role:prompt-engineer',
  },
  {
    is: '`same` before any agent',
    yaml: steps('  - name: A', '    agent: same', '    action: code.fix'),
    says: ['same-without-agent@4'],
  },
  { is: 'an unknown gate', yaml: agentStep('gates: [test]'), says: ['unknown-gate@6'], hint: 'did you mean `tests`?' },
  { is: 'coverage of 180 %', yaml: agentStep('gates: [coverage: 180]'), says: ['bad-gate@6'] },
  { is: 'coverage of nothing', yaml: agentStep('gates: [coverage]'), says: ['bad-gate@6'] },
  { is: 'a value for the tests', yaml: agentStep('gates: { tests: fast }'), says: ['bad-gate@6'] },
  { is: 'a gate twice', yaml: agentStep('gates: [lint, lint]'), says: ['double-gate@6'] },
  { is: 'gates on Baton’s own action', yaml: step('gates: [tests]'), says: ['misplaced-key@5'] },
  {
    is: 'a pipeline that calls itself',
    yaml: steps('  - { name: A, pipeline: p }'),
    says: ['pipeline-calls-itself@3'],
  },
  {
    is: 'an unknown pipeline',
    yaml: steps('  - { name: A, pipeline: nightli }'),
    known: project,
    says: ['unknown-pipeline@3'],
    hint: 'did you mean `nightly`?',
  },
  {
    is: 'a pipeline step with an action',
    yaml: steps('  - name: A', '    pipeline: ci-failure-fix', '    action: flow.noop'),
    says: ['(not-there-yet@4)', 'misplaced-key@5'],
  },
  {
    is: 'a pipeline step that is tried again',
    yaml: steps('  - name: A', '    pipeline: ci-failure-fix', '    retry: 3'),
    says: ['(not-there-yet@4)', 'misplaced-key@5'],
  },
];

const APPROVALS: readonly Broken[] = [
  { is: 'a gate without approvers', yaml: steps('  - name: Ask', '    type: human-gate'), says: ['no-approvers@4'] },
  {
    is: 'an approver who is an agent',
    yaml: steps('  - name: Ask', '    type: human-gate', '    approvers: [agent:devon]'),
    says: ['bad-approver@5'],
    hint: 'did you mean `human:devon`?',
  },
  {
    is: 'an approver with a slash',
    yaml: steps('  - name: Ask', '    type: human-gate', '    approvers: [team/lead]'),
    says: ['bad-approver@5'],
    hint: 'write `human:<role or handle>`',
  },
  { is: 'approvers that nobody asks', yaml: step('approvers: [human:ann]'), says: ['approvers-unused@5'] },
  {
    is: 'a gate with an action',
    yaml: steps('  - name: Ask', '    type: human-gate', '    action: github.merge', '    approvers: [human:ann]'),
    says: ['misplaced-key@5'],
  },
  {
    is: 'a policy of any and all',
    yaml: steps('  - name: Ask', '    type: human-gate', '    approvalPolicy: { any: [human:ann], all: [human:bob] }'),
    says: ['bad-policy@5'],
  },
  {
    is: 'all, but at least two',
    yaml: steps(
      '  - name: Ask',
      '    type: human-gate',
      '    approvalPolicy: { all: [human:ann, human:bob], atLeast: 2 }',
    ),
    says: ['bad-policy@5'],
  },
  {
    is: 'an unknown kind of policy',
    yaml: steps('  - name: Ask', '    type: human-gate', '    approvalPolicy: most', '    approvers: [human:ann]'),
    says: ['bad-policy@5'],
  },
  {
    is: 'the name of no policy',
    yaml: steps('  - name: Ask', '    type: human-gate', '    approvalPolicy: Featur'),
    says: ['unknown-policy@5'],
  },
];

const PARAMETERS: readonly Broken[] = [
  {
    is: 'a branch without a name',
    yaml: steps('  - name: B', '    action: git.createBranch'),
    says: ['parameter-missing@4'],
  },
  {
    is: 'an unknown parameter',
    yaml: steps('  - name: B', '    action: git.createBranch', '    params: { brunch: x, branch: y }'),
    says: ['unknown-parameter@5'],
    hint: 'did you mean `branch`?',
  },
  {
    is: 'a name that git refuses',
    yaml: steps('  - name: B', '    action: git.createBranch', '    params: { branch: my branch }'),
    says: ['bad-branch@5'],
  },
  {
    is: 'a branch that is a list',
    yaml: steps('  - name: B', '    action: git.createBranch', '    params: { branch: [a] }'),
    says: ['bad-parameter@5'],
  },
  {
    is: 'one parameter in two words',
    yaml: steps('  - name: B', '    action: git.createBranch', '    params: { branch: a, name: b }'),
    says: ['double-key@5'],
  },
  {
    is: 'reviewers that are a mapping',
    yaml: steps('  - name: B', '    action: github.createPR', '    params: { title: t, reviewers: { a: b } }'),
    says: ['bad-parameter@5'],
  },
  {
    is: 'an unknown strategy',
    yaml: steps(
      '  - { name: Ask, type: human-gate, approvers: [human:ann] }',
      '  - { name: M, action: github.merge, params: { strategy: squahs } }',
    ),
    says: ['bad-parameter@4'],
    hint: 'did you mean `squash`?',
  },
  {
    is: 'an unknown method',
    yaml: steps(
      '  - { name: Ask, type: human-gate, approvers: [human:ann] }',
      '  - { name: M, action: github.merge, params: { method: rebas } }',
    ),
    says: ['bad-parameter@4'],
    hint: 'did you mean `rebase`?',
    column: 56,
  },
  {
    is: 'a method and a strategy',
    yaml: steps(
      '  - { name: Ask, type: human-gate, approvers: [human:ann] }',
      '  - { name: M, action: github.merge, params: { method: squash, strategy: squash } }',
    ),
    says: ['double-key@4'],
  },
  {
    is: 'a misspelt list of repositories',
    yaml: steps('  - { name: A, action: audit.sast, params: { repo: all } }'),
    says: ['unknown-parameter@3'],
    hint: 'did you mean `repos`?',
  },
  {
    is: 'an unknown repository to audit',
    yaml: steps('  - { name: A, action: audit.sast, params: { repos: [web, apy] } }'),
    known: project,
    says: ['unknown-repository@3'],
    hint: 'did you mean `api`?',
  },
  {
    is: 'repositories that are a mapping',
    yaml: steps('  - { name: A, action: audit.sast, params: { repos: { a: b } } }'),
    says: ['bad-parameter@3'],
    hint: 'such as `repos: all` or `repos: [web, api]`',
  },
  {
    is: 'repositories in two words',
    yaml: steps('  - { name: A, action: audit.sast, params: { repos: all, repositories: all } }'),
    says: ['double-key@3'],
  },
  {
    is: 'repositories beside a repository',
    yaml: steps('  - { name: A, action: audit.sast, repository: web, params: { repos: all } }'),
    known: project,
    says: ['double-key@3'],
    hint: 'keep one of them',
  },
  {
    is: 'a misspelt source of findings',
    yaml: steps('  - { name: A, action: github.createIssues, params: { fromFinding: x } }'),
    says: ['unknown-parameter@3'],
  },
  {
    is: 'an unknown severity',
    yaml: steps('  - name: R', '    agent: any', '    action: review.code', '    params: { failOn: hihg }'),
    says: ['bad-parameter@6'],
    hint: 'did you mean `high`?',
  },
];

const EXPRESSIONS: readonly Broken[] = [
  { is: 'an empty expression', yaml: expression(''), says: ['expression-empty@6'] },
  { is: 'a template that does not close', yaml: step("when: '{{ issue.x'"), says: ['template-unclosed@5'], column: 12 },
  { is: 'half an expression', yaml: expression('issue.number >'), says: ['expression-syntax@6'] },
  {
    is: 'one equals sign',
    yaml: expression('issue.number = 1'),
    says: ['expression-syntax@6'],
    hint: 'equality is written `==`',
    column: 27,
  },
  {
    is: 'a spelt-out and',
    yaml: expression('true and false'),
    says: ['expression-syntax@6'],
    hint: '`and` is written `&&`',
  },
  {
    is: 'an unknown name',
    yaml: expression('isue.title'),
    says: ['unknown-name@6'],
    hint: 'did you mean `issue`?',
    column: 14,
  },
  {
    is: 'an unknown name far right',
    yaml: expression('issue.number > 1 && repo.name == "x"'),
    says: ['unknown-name@6'],
    column: 34,
  },
  { is: 'an unknown function', yaml: expression('shout(issue.title)'), says: ['expression-type@6'] },
  { is: 'types that do not fit', yaml: expression('1 + "a"'), says: ['expression-type@6'] },
  {
    is: 'a hyphen in a field',
    yaml: steps(
      '  - { name: A, action: flow.noop }',
      "  - { name: B, action: flow.noop, when: 'nodes.a.output.high-risk > 1' }",
    ),
    says: ['unknown-name@4'],
    hint: 'a name with a hyphen is written in brackets: `output["high-risk"]`',
  },
  {
    is: 'an unknown step',
    yaml: steps(
      '  - { name: Scan compliance, action: flow.noop }',
      "  - { name: B, action: flow.noop, when: 'nodes.scan-complience.output.score > 1' }",
    ),
    says: ['unknown-step@4'],
    hint: 'did you mean `scan-compliance`?',
  },
  {
    is: 'a step that comes later',
    yaml: steps("  - { name: A, action: flow.noop, when: 'nodes.b.output.ok' }", '  - { name: B, action: flow.noop }'),
    says: ['step-not-before@3'],
  },
  {
    is: 'a step that runs beside',
    yaml: nodes('  - { id: a, action: flow.noop }', "  - { id: b, action: flow.noop, when: 'nodes.a.output.ok' }"),
    says: ['step-not-before@4'],
    hint: 'add `a` to its `dependsOn`',
  },
  { is: 'its own output', yaml: expression('nodes.one.output'), says: ['step-not-before@6'] },
  { is: 'all steps at once', yaml: expression('nodes'), says: ['step-not-named@6'] },
  { is: 'a step that only the run knows', yaml: expression('nodes[issue.title].output'), says: ['step-not-named@6'] },
  {
    is: 'a field that steps do not have',
    yaml: steps('  - { name: A, action: flow.noop }', "  - { name: B, action: flow.noop, when: 'nodes.a.outputs.ok' }"),
    says: ['unknown-field@4'],
    hint: 'did you mean `output`?',
  },
  { is: 'a report that nobody made', yaml: expression('report.findings'), says: ['report-missing@6'] },
  {
    is: 'a field of the list that a mapped step gives back',
    yaml: steps(
      '  - { name: A, action: flow.noop, forEach: [1, 2] }',
      "  - { name: B, action: flow.noop, when: 'nodes.a.output.ok' }",
    ),
    says: ['output-is-list@4'],
    hint: 'such as `nodes["a"].output.map(each, each.ok)`',
  },
  { is: 'an item outside a map', yaml: expression('item.name'), says: ['item-outside-map@6'] },
  { is: 'a pattern from data', yaml: expression('issue.title.matches(issue.body)'), says: ['pattern-not-literal@6'] },
  { is: 'a pattern that never ends', yaml: expression('issue.title.matches("(a+)+$")'), says: ['pattern-refused@6'] },
  {
    is: 'a pattern of 201 characters',
    yaml: expression(`issue.title.matches("${'a'.repeat(201)}")`),
    says: ['pattern-refused@6'],
  },
  {
    is: 'a variable that hides a name',
    yaml: expression('issue.labels.exists(issue, issue == "x")'),
    says: ['name-hidden@6'],
  },
  {
    is: 'a condition of text and expressions',
    yaml: step("when: '{{ issue.a }} && {{ issue.b }}'"),
    says: ['bad-condition@5'],
  },
  {
    is: 'a faulty condition that an approval shares, once',
    yaml: step('when: isue.x', 'approvalRequired: true', 'approvers: [human:ann]'),
    says: ['unknown-name@5'],
  },
  { is: 'a condition that is a list', yaml: step('when: [a]'), says: ['bad-condition@5'] },
  { is: 'a template in a key', yaml: step("params: { '{{ issue.x }}': 1 }"), says: ['template-not-here@5'] },
  { is: 'a text of 4,001 characters', yaml: expression(`"${'a'.repeat(4000)}"`), says: ['expression-too-long@6'] },
];

const TABLE = { FILE, PIPELINE, TRIGGERS, STEPS, WORK, APPROVALS, PARAMETERS, EXPRESSIONS };

describe.each(Object.entries(TABLE))('%s', (_, cases) => {
  it.each(cases.map((broken) => [broken.is, broken] as const))(
    'refuses %s',
    (_is, { yaml, says, hint, column, known }) => {
      const compilation = compilePipeline(yaml, { file: 'p.yaml', known });
      if (compilation.kind !== 'refused') throw new Error('it was compiled');
      const { diagnostics } = compilation;
      const said = diagnostics.map(({ code, line, severity }) =>
        severity === 'error' ? `${code}@${line}` : `(${code}@${line})`,
      );
      expect(said).toEqual(says);
      if (hint !== undefined) expect(diagnostics[0]!.hint).toBe(hint);
      if (column !== undefined) expect(diagnostics[0]!.column).toBe(column);
    },
  );
});

describe('compilePipeline', () => {
  it('names a cycle step by step', () => {
    const yaml = nodes(
      '  - { id: a, action: flow.noop, dependsOn: [b] }',
      '  - { id: b, action: flow.noop, dependsOn: [c] }',
      '  - { id: c, action: flow.noop, dependsOn: [a] }',
    );
    const compilation = compilePipeline(yaml, { file: 'p.yaml' });
    if (compilation.kind !== 'refused') throw new Error('it was compiled');
    expect(compilation.diagnostics[0]!.message).toContain('a → b → c → a');
  });

  it('reports every fault at once, in the order of the file', () => {
    const yaml = [
      'triger: manual',
      'name: p',
      'steps:',
      '  - name: A',
      '    agent: role:develloper',
      '    action: code.implement',
      '    timeout: 4',
      '  - name: B',
      '    action: git.createBranch',
      "    when: '{{ nodes.C.output.x }} '",
      '    params:',
      '      branch: >-',
      '        feature/{{ isue.number }}-{{',
      '        issue.slug }}{{ foo }}',
      '      form: main',
      '  - name: Merge',
      '    action: github.merge',
    ].join('\n');
    const compilation = compilePipeline(yaml, { file: 'p.yaml' });
    if (compilation.kind !== 'refused') throw new Error('it was compiled');
    expect(
      compilation.diagnostics.map(({ code, line, column, pointer }) => `${code} ${line}:${column} ${pointer}`),
    ).toEqual([
      'unknown-key 1:1 /triger',
      'unknown-role 5:12 /steps/0/agent',
      'bad-duration 7:14 /steps/0/timeout',
      'unknown-step 10:21 /steps/1/when',
      'unknown-name 13:20 /steps/1/params/branch',
      'unknown-name 14:25 /steps/1/params/branch',
      'unknown-parameter 15:7 /steps/1/params/form',
      'merge-asks 17:13 /steps/2/action',
    ]);
  });
});
