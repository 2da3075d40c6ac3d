import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import { runDetail } from '../schema/api/run.js';
import type { WireEvent } from '../schema/api/event.js';
import type { ApiClient } from './client/api-client.js';
import { followRun } from './client/follow-run.js';
import { GrowingText } from './client/growing-text.js';
import { wantsJson, type Context } from './context.js';
import { EXIT } from './exit-code.js';
import { harmlessLines, plain } from './output/style.js';
import { clock } from './output/time.js';

const ENDINGS: Readonly<Record<string, string>> = {
  'workflow.completed': 'succeeded',
  'workflow.failed': 'failed',
  'workflow.cancelled': 'cancelled',
};

const ASKS = ['approval.requested', 'question.asked'];

/** Prints what happens in a run, a line an event, until it ends; a run that did not succeed is exit code 1. */
export async function watchRun(context: Context, command: Command, reference: string): Promise<void> {
  const client = context.client();
  const run = await client.get(`/api/runs/${encodeURIComponent(reference)}`, runDetail);
  const ended = (status: string) => {
    if (status !== 'succeeded') context.exitCode = EXIT.failed;
  };
  const controller = new AbortController();
  for await (const happened of followRun(client, run.id, controller.signal)) {
    context.out(wantsJson(command) ? JSON.stringify(happened) : lineOf(context, happened));
    if (happened.type === 'setup.started' && !wantsJson(command)) void showSetUp(context, client, happened);
    if (ASKS.includes(happened.type) && !wantsJson(command)) await tellHow(context, run);
    const status = ENDINGS[happened.type];
    if (status !== undefined) {
      ended(status);
      return;
    }
  }
}

const LOOK_AGAIN_MS = 1_000;

/** Prints what a set-up prints while it runs, indented; of one that has ended nothing. */
async function showSetUp({ out, style }: Context, client: ApiClient, { payload }: WireEvent): Promise<void> {
  const { log } = payload;
  if (typeof log !== 'string') return;
  const text = new GrowingText(client, log);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const { lines, closed } = await text.read();
      if (closed && isFirst) return;
      for (const line of lines) out(`          ${style.dim(harmlessLines(line))}`);
      if (closed) return;
      await sleep(LOOK_AGAIN_MS, undefined, { ref: false });
    }
  } catch {
    // The events say how the set-up ends, and `baton logs` has all of its output.
  }
}

function lineOf({ style }: Context, { at, type, briefing }: WireEvent): string {
  const status = ENDINGS[type] ?? (type.endsWith('.failed') ? 'failed' : 'neutral');
  return `${style.dim(clock(at))}  ${style.like(status, plain(briefing))}`;
}

/** Only while it is open: the history of a run has approvals that were given long ago, and answers. */
async function tellHow(context: Context, { id, number }: z.output<typeof runDetail>): Promise<void> {
  const { steps } = await context.client().get(`/api/runs/${id}`, runDetail);
  if (steps.some(({ approval }) => approval?.status === 'open')) {
    context.out(`          decide with: baton approve ${number} [--note …]  or  baton reject ${number} --note …`);
  }
  const asked = steps.flatMap(({ questions }) => questions).find(({ status }) => status === 'open');
  if (asked)
    context.out(
      `          its options: baton questions ${asked.id}   answer: baton answer ${asked.id} <option> --reason …`,
    );
}
