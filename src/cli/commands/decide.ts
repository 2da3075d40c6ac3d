import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { commented, decided } from '../../schema/api/approval.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';
import { findApproval } from './find-approval.js';

/** How long an answer is waited for while no worker runs. */
const PATIENCE_MS = 60_000;

export const approveCommand = (context: Context): Command =>
  new Command('approve')
    .argument('<run-or-approval>', 'number, id or workflow id of a run, or id of an approval')
    .description('give the approval that a run waits for')
    .option('-m, --note <text>', 'why')
    .action((reference: string, { note }: { note?: string }, command: Command) =>
      decide(context, command, reference, 'approve', note),
    );

export const rejectCommand = (context: Context): Command =>
  new Command('reject')
    .argument('<run-or-approval>', 'number, id or workflow id of a run, or id of an approval')
    .description('refuse the approval that a run waits for: the run fails, with the note')
    .requiredOption('-m, --note <text>', 'why')
    .action((reference: string, { note }: { note: string }, command: Command) =>
      decide(context, command, reference, 'reject', note),
    );

export const discussCommand = (context: Context): Command =>
  new Command('discuss')
    .argument('<run-or-approval>', 'number, id or workflow id of a run, or id of an approval')
    .argument('<text>', 'what you say')
    .description('say something about the approval that a run waits for, without deciding it')
    .action(async (reference: string, body: string, _options: unknown, command: Command) => {
      const client = context.client();
      const asked = await findApproval(client, reference);
      const said = await client.post(`/api/approvals/${asked.id}/comments`, commented, {
        body: { body },
        idempotencyKey: randomUUID(),
      });
      say(context, command, said, () => [`said about ${asked.step.name} of #${asked.run.number}; it still waits`]);
    });

async function decide(
  context: Context,
  command: Command,
  reference: string,
  decision: 'approve' | 'reject',
  note: string | undefined,
): Promise<void> {
  const client = context.client();
  const asked = await findApproval(client, reference);
  const sent = { body: { decision, ...(note !== undefined && { note }) }, idempotencyKey: randomUUID() };
  let told = false;
  const answer = await persist(() => client.post(`/api/approvals/${asked.id}/decision`, decided, sent), {
    codes: ['decision-unknown', 'request-in-flight'],
    patienceMs: PATIENCE_MS,
    onWait: () => {
      if (!told) context.note('no answer yet: is a worker running? trying again for a minute …');
      told = true;
    },
  });
  const { state, missing } = answer;
  say(context, command, answer, () => [
    state === 'open'
      ? `${asked.step.name} of #${asked.run.number}: your word counts; it still needs ${missing ?? 'others'}`
      : `${asked.step.name} of #${asked.run.number} is ${context.style.status(state)}; follow the run with: baton watch ${asked.run.number}`,
  ]);
}
