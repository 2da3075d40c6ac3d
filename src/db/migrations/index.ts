import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.js';
import * as auditRetention from './0002-audit-retention.js';
import * as whatIsKnown from './0003-what-is-known.js';
import * as workingAgents from './0004-working-agents.js';
import * as gateFindings from './0005-gate-findings.js';
import * as scans from './0006-scans.js';
import * as notices from './0007-notices.js';
import * as triggers from './0008-triggers.js';
import * as capabilitiesAct from './0009-capabilities-act.js';
import * as agentSessions from './0010-agent-sessions.js';
import * as overrides from './0012-overrides.js';
import * as questions from './0013-questions.js';
import * as policies from './0014-policies.js';
import * as checklists from './0015-checklists.js';
import * as teams from './0016-teams.js';
import * as permissions from './0017-permissions.js';
import * as breakers from './0018-breakers.js';
import * as adapters from './0020-adapters.js';
import * as limitedAttempts from './0019-limited-attempts.js';
import * as stepTools from './0021-step-tools.js';
import * as executions from './0022-executions.js';
import * as listPrices from './0023-list-prices.js';
import * as setUps from './0024-set-ups.js';
import * as trials from './0025-trials.js';
import * as workerReports from './0026-worker-reports.js';
import * as outsideEvents from './0027-outside-events.js';
import * as scanCoverage from './0028-scan-coverage.js';
import * as approvalsAgain from './0029-approvals-again.js';
import * as removedRepositories from './0030-removed-repositories.js';

/** Forward only, in order of their names. A migration that has landed is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-audit-retention': auditRetention,
  '0003-what-is-known': whatIsKnown,
  '0004-working-agents': workingAgents,
  '0005-gate-findings': gateFindings,
  '0006-scans': scans,
  '0007-notices': notices,
  '0008-triggers': triggers,
  '0009-capabilities-act': capabilitiesAct,
  '0010-agent-sessions': agentSessions,
  '0012-overrides': overrides,
  '0013-questions': questions,
  '0014-policies': policies,
  '0015-checklists': checklists,
  '0016-teams': teams,
  '0017-permissions': permissions,
  '0018-breakers': breakers,
  '0019-limited-attempts': limitedAttempts,
  '0020-adapters': adapters,
  '0021-step-tools': stepTools,
  '0022-executions': executions,
  '0023-list-prices': listPrices,
  '0024-set-ups': setUps,
  '0025-trials': trials,
  '0026-worker-reports': workerReports,
  '0027-outside-events': outsideEvents,
  '0028-scan-coverage': scanCoverage,
  '0029-approvals-again': approvalsAgain,
  '0030-removed-repositories': removedRepositories,
};
