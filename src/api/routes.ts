import { activityRoutes } from './resources/activity.js';
import { agentRoutes } from './resources/agents.js';
import { approvalRoutes } from './resources/approvals.js';
import { artifactRoutes } from './resources/artifacts.js';
import { auditRoutes } from './resources/audit.js';
import { breakerRoutes } from './resources/breakers.js';
import { briefingRoutes } from './resources/briefings.js';
import { bulkRoutes } from './resources/bulk.js';
import { channelRoutes } from './resources/channels.js';
import { escalationRoutes } from './resources/escalations.js';
import { eventRoutes } from './resources/events.js';
import { issueRoutes } from './resources/issues.js';
import { meRoutes } from './resources/me.js';
import { noticeRoutes } from './resources/notices.js';
import { overrideRoutes } from './resources/overrides.js';
import { peopleRoutes } from './resources/people.js';
import { pipelineRoutes } from './resources/pipelines.js';
import { policyRoutes } from './resources/policies.js';
import { pullRequestRoutes } from './resources/pull-requests.js';
import { questionRoutes } from './resources/questions.js';
import { repositoryRoutes } from './resources/repositories.js';
import { repositoryChangeRoutes } from './resources/repository-changes.js';
import { repositorySetupRoutes } from './resources/repository-setup.js';
import { runDiffRoutes } from './resources/run-diff.js';
import { runFindingRoutes } from './resources/run-findings.js';
import { runRoutes } from './resources/runs.js';
import { sessionRoutes } from './resources/session.js';
import { taskRoutes } from './resources/tasks.js';
import { traceRoutes } from './resources/trace.js';
import type { Route } from './route.js';

/** Everything below `/api`, in the order of the documentation. */
export const ROUTES: readonly Route[] = [
  ...runRoutes,
  ...overrideRoutes,
  ...bulkRoutes,
  ...runDiffRoutes,
  ...runFindingRoutes,
  ...activityRoutes,
  ...eventRoutes,
  ...approvalRoutes,
  ...questionRoutes,
  ...repositoryRoutes,
  ...repositoryChangeRoutes,
  ...repositorySetupRoutes,
  ...issueRoutes,
  ...taskRoutes,
  ...briefingRoutes,
  ...pullRequestRoutes,
  ...pipelineRoutes,
  ...agentRoutes,
  ...breakerRoutes,
  ...artifactRoutes,
  ...noticeRoutes,
  ...channelRoutes,
  ...escalationRoutes,
  ...policyRoutes,
  ...traceRoutes,
  ...auditRoutes,
  ...peopleRoutes,
  ...meRoutes,
  ...sessionRoutes,
];
