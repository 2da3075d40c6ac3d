import { absolute, quantile, type Measurement } from './measure.js';
import type { System } from './system.js';

const DECISIONS = 50;
const UNDER_200_MS = { text: 'under 200 ms', holds: (value: number) => value < 200 };

/** One approval, and a step that it lets go. */
export const approvalPipeline = `workflow: ask
steps:
  - name: May it
    type: human-gate
    approvers: [human:team-lead]
  - name: Go on
    action: flow.noop
`;

/**
 * How long after a person's decision the step that it lets go starts, by the record's clock: from when the API answers,
 * which is the aim, and from when the decision is sent, which is what the person feels.
 */
export async function approval(system: System): Promise<Measurement[]> {
  await system.activate(approvalPipeline);
  const { url, token } = system.platform;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const fromAnswerMs: number[] = [];
  const fromSendingMs: number[] = [];
  for (let decision = 0; decision < DECISIONS; decision += 1) {
    const run = await system.prepareRun('ask');
    const handle = await run.start();
    const id = await openApproval(system, run.id);
    const sentAt = Date.now();
    const answer = await fetch(`${url}/api/approvals/${id}/decision`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ decision: 'approve' }),
    });
    const answeredAt = Date.now();
    if (!answer.ok) throw new Error(await answer.text());
    await handle.result();
    const { started_at } = await system.within((tx) =>
      tx
        .selectFrom('steps')
        .select('started_at')
        .where('run_id', '=', run.id)
        .where('step', '=', 'go-on')
        .executeTakeFirstOrThrow(),
    );
    fromAnswerMs.push(started_at!.getTime() - answeredAt);
    fromSendingMs.push(started_at!.getTime() - sentAt);
  }
  return [
    absolute('approval answered to next step, p95', 'ms', quantile(fromAnswerMs, 0.95), UNDER_200_MS),
    absolute('approval sent to next step, p95', 'ms', quantile(fromSendingMs, 0.95), UNDER_200_MS),
  ];
}

async function openApproval(system: System, runId: string): Promise<string> {
  for (;;) {
    const open = await system.within((tx) =>
      tx
        .selectFrom('approvals')
        .select('id')
        .where('run_id', '=', runId)
        .where('status', '=', 'open')
        .executeTakeFirst(),
    );
    if (open) return open.id;
    await new Promise((done) => setTimeout(done, 10));
  }
}
