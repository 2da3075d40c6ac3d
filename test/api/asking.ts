import { tmpdir } from 'node:os';
import { createActivities } from '../../src/activities/index.js';
import type { ActivityDeps } from '../../src/activities/deps.js';
import type { AgentStep } from '../../src/domain/plan.js';
import type { QuestionOption } from '../../src/domain/question.js';
import type { Activities } from '../../src/domain/work.js';
import { plan } from './record.js';
import type { ServedApi } from './served-api.js';

const step: AgentStep = {
  id: 'work',
  name: 'Work',
  kind: 'agent',
  agent: { kind: 'named', name: 'devon' },
  action: 'review.code',
  gates: [],
  dependsOn: [],
  when: null,
  repository: null,
  map: null,
  timeoutMs: 60_000,
  retry: { attempts: 1, initialDelayMs: 0, factor: 1, maxDelayMs: 0 },
  params: {},
  reads: [],
};

export const OPTIONS: readonly QuestionOption[] = [
  { name: 'Keep', says: 'Callers go on.' },
  { name: 'Rename', says: 'Callers change.' },
];

/** The pipeline `asks`, whose agent asks a question once, and what a worker does for it: the record is the real one. */
export async function preparePipelineThatAsks(
  api: ServedApi,
  options: readonly QuestionOption[] = OPTIONS,
): Promise<Partial<Activities>> {
  const { record } = api;
  await record.addPipeline(plan('asks', [step]));
  await record.addRepository('demo');
  const { id } = await record.inTx((tx) =>
    tx
      .insertInto('agents')
      .values({
        organisation_id: record.organisationId,
        project_id: record.projectId,
        name: 'devon',
        type: 'custom',
        kind: 'SCRIPT',
        adapter: 'command',
        roles: [],
        entry: '{}',
        risk_level: 'AUTO',
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  const real = createActivities({ ...api.deps, environment: {}, hostDirectory: tmpdir() } as unknown as ActivityDeps);
  return {
    askQuestion: (asked) => real.askQuestion(asked),
    answerQuestion: (answered) => real.answerQuestion(answered),
    closeQuestion: (closed) => real.closeQuestion(closed),
    recordStep: (standing) => real.recordStep(standing),
    assignAgent: async ({ ref }) => {
      await real.recordStep({ ref, status: 'running' });
      return { id, name: 'devon' };
    },
    runAttempt: ({ answers }) =>
      Promise.resolve(
        answers.length > 0
          ? { kind: 'worked', base: 'a', commit: null }
          : {
              kind: 'asked',
              base: 'a',
              commit: null,
              question: {
                text: 'Keep the old name?',
                options: [...options],
                recommended: 'Rename',
                freeText: true,
              },
            },
      ),
    judgeReview: () => Promise.resolve(null),
    finishStep: async ({ ref, outcome }) => {
      if (outcome.kind !== 'taken-over') await real.recordStep({ ref, status: outcome.kind });
      return null;
    },
  };
}
