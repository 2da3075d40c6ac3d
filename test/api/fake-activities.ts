import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityDeps } from '../../src/activities/deps.js';
import { recordOverride } from '../../src/activities/record-override.js';
import { updateRun } from '../../src/db/runs.js';
import { withOrganisation, type Db } from '../../src/db/connection.js';
import { insertApproval, peopleOfProject } from '../../src/db/approvals.js';
import { eligibility } from '../../src/domain/approval.js';
import type { Activities } from '../../src/domain/work.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { temporalAddress } from '../support/temporal.js';

export interface TestWorker {
  stop(): Promise<void>;
}

/** What the API sees of a worker: approvals, decisions and ends in the record. Everything else does nothing. */
function activities(db: Db): Activities {
  const nothing = () => Promise.reject(new Error('not used in this test'));
  return {
    tryConfig: () => Promise.resolve(),
    endTrial: () => Promise.resolve(),
    runAction: () => Promise.resolve({ output: null, branch: null }),
    assignAgent: nothing,
    runAttempt: nothing,
    failAttempt: nothing,
    findOrchestrator: nothing,
    takeAdvice: nothing,
    askQuestion: nothing,
    answerQuestion: nothing,
    closeQuestion: nothing,
    runGates: nothing,
    judgeReview: nothing,
    publishCommit: nothing,
    takeBranch: nothing,
    chooseBranch: ({ wanted }) => Promise.resolve(wanted),
    draftResolution: nothing,
    finishStep: nothing,
    openChildRun: nothing,
    expireAudit: nothing,
    beginEscalation: nothing,
    escalate: nothing,
    endEscalation: nothing,
    holdNotice: nothing,
    sendNotice: nothing,
    buryNotice: nothing,
    startScheduledRun: nothing,
    takeOver: () => Promise.resolve({}),
    recordStep: () => Promise.resolve(),
    joinItems: () => Promise.resolve(null),
    requestApproval: ({ ref, purpose, expiresAtMs }) =>
      withOrganisation(db, ref.run.organisationId, async (tx) => {
        if (purpose.kind !== 'step' || purpose.policy.kind === 'named' || purpose.policy.kind === 'policies')
          return null;
        const requirements = [{ ...purpose.policy, rule: ref.step, why: 'the pipeline asks for it' }];
        const able = eligibility(requirements, await peopleOfProject(tx, ref.run.projectId), []);
        if (able.kind === 'nobody') throw new Error(able.reason);
        const { organisationId, runId } = ref.run;
        await insertApproval(tx, {
          organisationId,
          runId,
          step: ref.step,
          purpose: 'step',
          risk: null,
          requirements,
          excluded: able.excluded,
          soleMember: able.soleMember,
          change: null,
          expiresAt: new Date(expiresAtMs),
        });
        return { requirements, excluded: able.excluded };
      }),
    recordDecision: ({ ref, decision }) =>
      withOrganisation(db, ref.run.organisationId, async (tx) => {
        const approval = await tx
          .selectFrom('approvals')
          .select('id')
          .where('run_id', '=', ref.run.runId)
          .where('step', '=', ref.step)
          .executeTakeFirstOrThrow();
        const row = {
          organisation_id: ref.run.organisationId,
          approval_id: approval.id,
          person_id: decision.by.id,
          verdict: decision.verdict,
          note: decision.note,
          person: JSON.stringify(decision.by),
        };
        await tx
          .insertInto('decisions')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    recordComment: ({ ref, by, body, key }) =>
      withOrganisation(db, ref.run.organisationId, async (tx) => {
        const { id } = await tx
          .selectFrom('approvals')
          .select('id')
          .where('run_id', '=', ref.run.runId)
          .where('step', '=', ref.step)
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('approval_comments')
          .values({ organisation_id: ref.run.organisationId, approval_id: id, person_id: by.id, key, body })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    settleApproval: ({ ref, outcome }) =>
      withOrganisation(db, ref.run.organisationId, async (tx) => {
        await tx
          .updateTable('approvals')
          .set({ status: outcome, settled_at: new Date() })
          .where('run_id', '=', ref.run.runId)
          .where('step', '=', ref.step)
          .execute();
      }),
    recordOverride: recordOverride({ db, log: createLogger({ name: 'worker', level: 'silent' }) } as ActivityDeps),
    endRun: ({ run, status }) =>
      withOrganisation(db, run.organisationId, (tx) => updateRun(tx, run.runId, { status, briefing: status })),
  };
}

let quiet = false;

/** A worker with the real workflows; `more` stands in the place of what does nothing. */
export async function startWorker(db: Db, taskQueue: string, more: Partial<Activities> = {}): Promise<TestWorker> {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    activities: { ...activities(db), ...more },
    stickyQueueScheduleToStartTimeout: '1s',
  });
  const ended = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
