import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BatonError } from '../domain/errors.js';
import { approvalPage } from '../schema/api/approval.js';
import { openedIssue } from '../schema/api/issue.js';
import { runPage } from '../schema/api/run.js';
import { signInLink } from '../schema/api/session.js';
import { DemoApi } from './demo-api.js';
import { PACKAGE_ROOT } from './package-root.js';
import type { SeededDemo } from './seed.js';

export interface DemoOptions {
  readonly url: string;
  /** Where people's browsers find the page. */
  readonly publicUrl: string;
  /** The key of the person at the terminal, whom a link signs in. */
  readonly token: string;
  readonly demo: SeededDemo;
  /** One line for the person at the terminal. */
  readonly say: (name: string, text: string) => void;
  readonly signal: AbortSignal;
}

const ENDINGS = ['workflow.completed', 'workflow.failed', 'workflow.cancelled'];

/**
 * Opens the demo's issue, as maya, over the REST API, and follows its run until it ends. On a later start it is the same
 * issue, and the run is followed where it stands. Throws BatonError `demo-failed`: the platform is none the worse for it.
 */
export async function playDemo(options: DemoOptions): Promise<void> {
  const { url, demo, say, signal } = options;
  const api = new DemoApi({ url, key: demo.mayaToken, signal });
  const issue = demo.issue ?? (await openIssue(api, demo.repository));
  const { items } = await api.get(`/api/runs?issue=${issue}&repository=${demo.repository}`, runPage);
  const [run] = items;
  if (!run)
    throw new BatonError(
      'demo-failed',
      `The demo's issue has no run; was the pipeline feature-development archived? With bin/baton: ` +
        `pipelines state feature-development active, then run feature-development --repo ${demo.repository} --issue ${issue}`,
    );
  if (!['pending', 'running', 'waiting'].includes(run.status)) {
    say('demo', `run #${run.number} has ended, ${run.status}: bin/baton show ${run.number}`);
    return;
  }
  say('demo', `maya opened ${demo.repository}#${issue}, labelled feature: run #${run.number}`);
  for await (const { at, type, briefing } of api.events(`/api/runs/${run.id}/events`)) {
    say(clock(at), briefing);
    if (type === 'approval.requested') await askPerson(api, run.number, options);
    if (ENDINGS.includes(type)) break;
  }
  say('next', `bin/baton show ${run.number}, bin/baton --help; or your own repository: see the README`);
}

async function openIssue(api: DemoApi, repository: string): Promise<number> {
  const issue: unknown = parse(await readFile(join(PACKAGE_ROOT, 'examples/demo/issue.yaml'), 'utf8'));
  // The key is for repeating this one request; on a later start the issue itself is found.
  const { number } = await api.post(`/api/repositories/${repository}/issues`, openedIssue, issue, randomUUID());
  return number;
}

/** Only while it is open: the history of a run has approvals that were given long ago. */
async function askPerson(
  api: DemoApi,
  run: number,
  { url, publicUrl, token, say, signal }: DemoOptions,
): Promise<void> {
  const { items } = await api.get(`/api/approvals?status=open&run=${run}`, approvalPage);
  if (items.length === 0) return;
  const you = new DemoApi({ url, key: token, signal });
  const link = await you.post('/api/sign-in-links', signInLink, { next: '/approvals' }, randomUUID());
  say('your turn', `approve it at ${publicUrl}${link.url}`);
  say('', '(signs you in, once, within 15 minutes; bin/baton sign-in gives another), or with');
  say('', `bin/baton approve ${run} --note "looks good"`);
}

const clock = (iso: string): string => new Date(iso).toTimeString().slice(0, 8);
