import { absolute, quantile, type Measurement } from './measure.js';
import type { System } from './system.js';

const DECISIONS = 50;

/** One approval, and a step that it lets go. */
export const approvalPipeline = `workflow: ask
steps:
  - name: May it
    type: human-gate
    approvers: [human:team-lead]
  - name: Go on
    action: flow.noop
`;

/** From the moment a person's decision is sent to the start of the step that it lets go, by the record's clock. */
export async function approval(system: System): Promise<Measurement[]> {
  await system.activate(approvalPipeline);
  const { url, token } = system.platform;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const delaysMs: number[] = [];
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
    delaysMs.push(started_at!.getTime() - sentAt);
  }
  return [
    absolute('approval to next step, p95', 'ms', quantile(delaysMs, 0.95), {
      text: 'under 200 ms',
      holds: (value) => value < 200,
    }),
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
