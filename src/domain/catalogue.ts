/** What Baton knows by name. A name outside this catalogue is an error; one that is not there yet is a warning. */
export interface KnownAction {
  readonly name: string;
  /** Who does it: Baton itself in one activity, an agent that changes the tree, an agent that only looks, or several in phases. */
  readonly by: 'baton' | 'agent-change' | 'agent-analysis' | 'handoff';
  readonly available: boolean;
  readonly does: string;
}

const action = (name: string, by: KnownAction['by'], available: boolean, does: string): KnownAction => ({
  name,
  by,
  available,
  does,
});

/** The action that lands a change. */
export const MERGE = 'github.merge';

export const ACTIONS: readonly KnownAction[] = [
  action('git.createBranch', 'baton', true, 'make a branch from another'),
  action('github.createPR', 'baton', true, 'open a pull request for the branch'),
  action('github.comment', 'baton', true, 'say something on the issue of the run'),
  action('github.merge', 'baton', true, 'land the approved change on its base branch'),
  action('github.review', 'baton', true, 'write what the reviews found to the lines of a pull request, with a score'),
  action('flow.noop', 'baton', true, 'do nothing: joins branches of a graph'),
  action('code.implement', 'agent-change', true, 'implement what the issue asks for'),
  action('code.writeTests', 'agent-change', true, 'write tests for the change'),
  action('code.fix', 'agent-change', true, 'mend what is broken'),
  action('code.refactor', 'agent-change', true, 'improve the code without changing what it does'),
  action('review.security', 'agent-analysis', true, 'look for weaknesses in the change'),
  action('review.code', 'agent-analysis', true, 'review the change'),
  action(
    'orchestrate.advise',
    'agent-analysis',
    true,
    'look at a step that fails again and again, and say what to try',
  ),
  action('tdd.handoff', 'handoff', true, 'red, green, refactor: a tester and a developer in turn'),
  action('code.reproduce', 'agent-change', true, 'write a test that shows the bug'),
  action('code.diagnose', 'agent-analysis', true, 'find the cause'),
  action('test.verify', 'agent-analysis', true, 'verify the change'),
  action('review.expedited', 'agent-analysis', true, 'a short review of regression and side effects'),
  action('github.createIssues', 'baton', true, 'file an issue for each finding'),
  action('project.repositories', 'baton', true, 'list the repositories of the project'),
  action('dependencies.outdated', 'baton', true, 'list outdated and vulnerable packages in groups to update'),
  action('audit.dependencies', 'baton', true, 'scan dependencies'),
  action('audit.secrets', 'baton', true, 'scan for secrets'),
  action('audit.sast', 'baton', true, 'static analysis'),
  action('report.generate', 'baton', true, 'write a report'),
  action('notify.slack', 'baton', true, 'a message by Slack, Discord or Teams'),
  action('notify.email', 'baton', true, 'a mail'),
  action('notify.webhook', 'baton', true, 'a signed webhook call'),
];

export type RiskLevel = 'AUTO' | 'APPROVAL_REQUIRED';

interface BuiltInAgent {
  readonly name: string;
  readonly riskLevel: RiskLevel;
  readonly capabilities: readonly string[];
}

const builtIn = (name: string, riskLevel: RiskLevel, ...capabilities: readonly string[]): BuiltInAgent => ({
  name,
  riskLevel,
  capabilities,
});

/** The built-in agents of R1.8, and one that a pipeline needs, and what they can do; each is a file in `templates/agents`. */
export const BUILT_IN_AGENTS: readonly BuiltInAgent[] = [
  builtIn('security-scanner', 'AUTO', 'scanRepository', 'scanFile'),
  builtIn('security-assessor', 'AUTO', 'evaluateRisk'),
  builtIn('compliance-checker', 'AUTO', 'auditProject', 'checkPolicy'),
  builtIn('notifier', 'AUTO', 'sendSlack', 'sendSlackAlert', 'sendEmail', 'sendWebhook'),
  builtIn('patcher', 'APPROVAL_REQUIRED', 'generateFixPR', 'suggestFix'),
  builtIn('code-reviewer', 'AUTO', 'reviewPR', 'scorePR', 'suggestImprovements'),
  builtIn('report-generator', 'AUTO', 'createPDF', 'createMarkdown'),
  builtIn('dependency-updater', 'AUTO', 'updateDependencies'),
];

/** Roles of R1.6 and of the built-in pipelines. Any role that an agent of the project holds is known as well. */
export const ROLES: readonly string[] = [
  'engineer',
  'orchestrator',
  'developer',
  'tester',
  'reviewer',
  'code-reviewer',
  'security-reviewer',
  'performance-reviewer',
  'style-reviewer',
  'auditor',
  'security-auditor',
  'compliance-auditor',
  'architecture-auditor',
  'maintainer',
  'qa-breaker',
  'devops',
  'prompt-engineer',
  'product-manager',
];

/** The words for the repositories that an action looks at. */
export const REPOSITORIES_PARAMETERS: readonly string[] = ['repos', 'repositories'];

/** Whether an action looks at one repository at a time, so that a step for several is mapped over them. */
export const isPerRepository = (action: string): boolean => action.startsWith('audit.') || action === 'auditProject';

/** What a capability does to the workspace: `change` edits the tree, `analysis` only looks. */
export type ActionMode = 'change' | 'analysis';

const BY_NAME = new Map(ACTIONS.map((known) => [known.name, known]));

export const findAction = (name: string): KnownAction | undefined => BY_NAME.get(name);

/**
 * What an agent's step does to the workspace: as the catalogue says, or, for a capability of an agent's own, as that
 * one declares. One that declares nothing only looks.
 */
export function actionMode(name: string, declared: ActionMode | null): ActionMode {
  const known = findAction(name);
  if (known) return known.by === 'agent-analysis' ? 'analysis' : 'change';
  return declared ?? 'analysis';
}

/** Whether what an agent finds speaks about the run's change; else it is what the agent was asked to find. */
export const judgesChange = (action: string): boolean => action.startsWith('review.') || action.startsWith('test.');
