import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { parse } from 'yaml';
import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import { PACKAGE_ROOT } from './package-root.js';
import type { SeededDemo } from './seed.js';

export interface DemoOptions {
  readonly url: string;
  readonly demo: SeededDemo;
  /** One line for the person at the terminal. */
  readonly say: (name: string, text: string) => void;
  readonly signal: AbortSignal;
}

const opened = z.object({ number: z.number(), runs: z.array(z.object({ id: z.string(), number: z.number() })) });
const runSummary = z.object({
  items: z.array(z.object({ id: z.string(), number: z.number(), status: z.string(), workflowId: z.string() })),
});
const openApprovals = z.object({ items: z.array(z.unknown()) });
const happened = z.object({ type: z.string(), at: z.string(), briefing: z.string() });

const ENDINGS = ['workflow.completed', 'workflow.failed', 'workflow.cancelled'];
const RECONNECT_MS = 1_000;

/**
 * Opens the demo's issue, as maya, over the REST API, and follows its run until it ends or waits for a person. On a
 * later start it is the same issue, and the run is followed where it stands.
 */
export async function playDemo({ url, demo, say, signal }: DemoOptions): Promise<void> {
  const issue: unknown = parse(await readFile(join(PACKAGE_ROOT, 'examples/demo/issue.yaml'), 'utf8'));
  const headers = { authorization: `Bearer ${demo.mayaToken}` };
  const answer = await fetch(`${url}/api/repositories/${demo.repository}/issues`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'demo-issue' },
    body: JSON.stringify(issue),
    signal,
  });
  if (!answer.ok) throw new BatonError('demo-failed', `The demo's issue could not be opened: ${await answer.text()}`);
  const { number } = opened.parse(await answer.json());
  const runs = runSummary.parse(
    await (await fetch(`${url}/api/runs?issue=${number}&repository=${demo.repository}`, { headers, signal })).json(),
  );
  const [run] = runs.items;
  if (!run)
    throw new BatonError(
      'demo-failed',
      "The demo's issue started no run; is the pipeline feature-development active? See `bin/baton pipelines`.",
    );
  if (!['pending', 'running', 'waiting'].includes(run.status)) {
    say('demo', `run #${run.number} has ended, ${run.status}: bin/baton show ${run.number}`);
    return;
  }
  say('demo', `maya opened ${demo.repository}#${number}, labelled feature: run #${run.number}`);
  const isOpen = async () => {
    const answer = await fetch(`${url}/api/approvals?status=open&run=${run.number}`, { headers, signal });
    if (!answer.ok) throw unreadable('approvals', answer);
    return openApprovals.parse(await answer.json()).items.length > 0;
  };
  const askPerson = () => {
    say('your turn', `approve it at ${url}/approvals, or with`);
    say('', `bin/baton approve ${run.number} --note "looks good"`);
  };
  await follow(`${url}/api/runs/${run.id}/events`, headers, { say, isOpen, askPerson, signal });
  if (!signal.aborted)
    say('next', `bin/baton show ${run.number}, bin/baton --help; or your own repository: see the README`);
}

interface Following extends Pick<DemoOptions, 'say' | 'signal'> {
  readonly isOpen: () => Promise<boolean>;
  readonly askPerson: () => void;
}

const unreadable = (what: string, { status }: Response) =>
  new BatonError('demo-failed', `The run's ${what} cannot be read: ${status}`, { retryable: true });

/** Prints what happens, in its order; a lost connection is taken up where it broke. */
async function follow(
  url: string,
  headers: Record<string, string>,
  { say, isOpen, askPerson, signal }: Following,
): Promise<void> {
  let lastId = '';
  for (;;) {
    try {
      const stream = await fetch(url, {
        headers: { ...headers, accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) },
        signal,
      });
      if (!stream.ok || !stream.body) throw unreadable('events', stream);
      for await (const message of stream.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())) {
        const event = happened.parse(JSON.parse(message.data));
        // Before anything is said: where it cannot be asked, the event comes again.
        const waits = event.type === 'approval.requested' && (await isOpen());
        lastId = message.id ?? lastId;
        say(event.at.slice(11, 19), event.briefing);
        if (waits) askPerson();
        if (ENDINGS.includes(event.type)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof z.ZodError) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}
