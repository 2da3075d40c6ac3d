import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { RUN_STATUSES } from './components/status';
import { Fault } from './components/fault';
import { Shell } from './components/shell';
import { NotFound } from './components/not-found';
import { activityFilterOf } from './pages/activity/activity-filter';
import { AgentPage } from './pages/agents/agent-page';
import { AgentsPage } from './pages/agents/agents-page';
import { ApprovalsPage } from './pages/approvals/approvals-page';
import { AwayPage } from './pages/away/away-page';
import { PoliciesPage } from './pages/policies/policies-page';
import { RepositoriesPage } from './pages/repositories/repositories-page';
import { RepositoryPage } from './pages/repositories/repository-page';
import { RunPage } from './pages/run/run-page';
import { STEP_TABS, type StepTab } from './pages/run/step-tabs';
import { RunsPage } from './pages/runs/runs-page';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => redirect({ to: '/runs', replace: true, throw: true }),
});

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: (search) => ({
    ...(isRunStatus(search['status']) && { status: search['status'] }),
    ...text(search, 'repository'),
    ...text(search, 'pipeline'),
    ...text(search, 'q'),
  }),
  component: RunsPage,
});

const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$run',
  validateSearch: (search) => ({
    ...text(search, 'step'),
    ...(isStepTab(search['tab']) && { tab: search['tab'] }),
    ...activityFilterOf(search),
  }),
  component: RunPage,
});

const approvalsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/approvals', component: ApprovalsPage });

const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/policies',
  validateSearch: (search) => text(search, 'repository'),
  component: PoliciesPage,
});

const agentsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/agents', component: AgentsPage });

const agentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/agents/$agent',
  validateSearch: (search) => ({ ...text(search, 'project'), ...activityFilterOf(search) }),
  component: AgentPage,
});

const repositoriesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/repositories',
  component: RepositoriesPage,
});

const repositoryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/repositories/$repository',
  validateSearch: (search) => text(search, 'project'),
  component: RepositoryPage,
});

const awayRoute = createRoute({ getParentRoute: () => rootRoute, path: '/away', component: AwayPage });

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    home,
    runsRoute,
    runRoute,
    approvalsRoute,
    agentsRoute,
    agentRoute,
    repositoriesRoute,
    repositoryRoute,
    policiesRoute,
    awayRoute,
  ]),
  defaultPreload: false,
  defaultErrorComponent: Fault,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const isStepTab = (value: unknown): value is StepTab => STEP_TABS.includes(value as StepTab);
const isRunStatus = (value: unknown): value is (typeof RUN_STATUSES)[number] =>
  RUN_STATUSES.includes(value as (typeof RUN_STATUSES)[number]);

/** A search parameter that is text; numbers that look like text were made numbers by the router. */
function text<K extends string>(search: Record<string, unknown>, key: K): { [P in K]?: string } {
  const value = search[key];
  const given = typeof value === 'number' ? String(value) : value;
  return (typeof given === 'string' && given !== '' ? { [key]: given } : {}) as { [P in K]?: string };
}
