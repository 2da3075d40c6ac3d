import type { AgentOutcome, AgentTools, Harness } from '../../agents/harness.js';
import { endStepToken, keepReport, makeStepToken, readReport } from '../../db/step-tokens.js';
import type { AgentReport } from '../../domain/step-work.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import type { Session } from './attempt-agent.js';
import type { Redactor } from '../../telemetry/redact.js';
import type { Work } from './attempt-work.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** Opens the tools of an attempt: their token is good until `closeTools`, or the attempt's end where its worker dies. */
export const openTools = async (deps: ActivityDeps, request: AttemptRequest): Promise<AgentTools | null> => {
  if (deps.apiUrl === null) return null;
  const { organisationId } = request.ref.run;
  const token = await persist(deps, organisationId, (tx) => makeStepToken(tx, request));
  return {
    ...{ url: `${deps.apiUrl}/api/mcp`, token },
    clean: (body) => withoutSecrets(body, deps.redactor),
    hasReported: async () => (await persist(deps, organisationId, (tx) => readReport(tx, request))) !== null,
  };
};

/** What is no JSON is refused there by itself. */
function withoutSecrets(body: string, redactor: Redactor): string {
  try {
    return JSON.stringify(redactor.strings(JSON.parse(body) as unknown));
  } catch {
    return redactor.text(body);
  }
}

export const closeTools = (deps: ActivityDeps, request: AttemptRequest): Promise<void> =>
  persist(deps, request.ref.run.organisationId, (tx) => endStepToken(tx, request));

/** What an attempt's agent reported, without the secrets that this worker knows by value. */
export const reportOf = (deps: ActivityDeps, request: AttemptRequest): Promise<AgentReport | null> =>
  persist(deps, request.ref.run.organisationId, async (tx) => {
    const report = await readReport(tx, request);
    if (report === null) return null;
    const clean = deps.redactor.strings(report);
    await keepReport(tx, request, clean);
    return clean;
  });

/** Whether the agent asked already, in an execution of the attempt whose worker died: its question stands. */
export const hasAsked = async (deps: ActivityDeps, { request, again }: Pick<Work, 'request' | 'again'>) =>
  again && (await reportOf(deps, request))?.kind === 'question';

/** In the place of such an agent: there is nothing to do before people have answered. */
export const hasNoMoreToSay = (session: Session | null): Harness => ({
  run: () =>
    Promise.resolve({
      ...{ kind: 'failed', code: 'interrupted', message: 'The worker died.', retryable: true },
      ...{ usage: null, session: session?.name ?? null },
    }),
});

/** How an attempt ended whose agent reported its end: by that, whatever its program said afterwards. */
export function reported(report: AgentReport | null, said: AgentOutcome): AgentOutcome {
  const { usage } = said;
  const session = (said.kind === 'answered' ? said.answer.session : said.session) ?? null;
  switch (report?.kind) {
    case undefined:
      return said;
    case 'question':
      return {
        kind: 'asked',
        question: { ...report.question, options: [...report.question.options], session },
        usage,
        session,
      };
    case 'submission': {
      const { summary, output, findings } = report;
      const answer = { summary, output, findings: [...findings], session } as AgentAnswer;
      return { kind: 'answered', answer, usage };
    }
  }
}
