import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { startWorker } from '../api/fake-activities.js';
import { askForApproval } from '../api/asked-approval.js';
import { approvalStep, noop, plan } from '../api/record.js';
import { eventually } from '../support/eventually.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;
const BATON = resolve(import.meta.dirname, '../../bin/baton');

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
}, 2 * MINUTE);

afterAll(() => served.close(), MINUTE);

const heading = (name: string | RegExp) => page.getByRole('heading', { name });

it('says how to get a link to somebody who is not signed in', async () => {
  await page.goto(`${served.api.url}/runs`);
  await heading('Sign in to Baton').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  // Another than `served.signIn` makes, by the way that the page names.
  const command = await page.locator('[data-command]').textContent();
  await page.goto((await type(command!)).trim());
  await heading('Runs').waitFor();
});

/** Runs a command as it stands on the page. */
async function type(command: string): Promise<string> {
  const { url, record } = served.api;
  const { stdout } = await promisify(execFile)('sh', ['-c', command.replace('bin/baton', BATON)], {
    env: { ...process.env, BATON_URL: url, BATON_TOKEN: record.people.admin.key },
    timeout: MINUTE,
  });
  return stdout;
}

it(
  'leads to the first run: asks for a pipeline, a repository and an issue, by commands that are taken',
  async () => {
    await served.signIn('admin');
    const command = page.locator('[data-command]');
    await command.filter({ hasText: 'pipelines add' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);

    await served.api.record.addPipeline(plan('greet', [noop('hello')], "somebody's first issue"));
    await command.filter({ hasText: 'repo add' }).waitFor();
    const folder = await mkdtemp(join(tmpdir(), 'baton-page-'));
    try {
      const git = (...args: string[]) => promisify(execFile)('git', ['-C', folder, ...args]);
      await git('init', '--quiet', '--initial-branch', 'main');
      const author = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
      await git(...author, 'commit', '--quiet', '--allow-empty', '--message', 'First');
      const add = (await command.textContent())!;
      expect(await type(`${add.replace('~/code/my-library', folder)} --name my-library`)).toContain('is added');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }

    await command.filter({ hasText: 'issue create --repo my-library' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await type((await command.textContent())!)).toContain('my-library#1 is open');
    await page.getByRole('link', { name: /#1 What you need/ }).waitFor();
  },
  3 * MINUTE,
);

const LISTS = [
  ['/runs', '/api/runs?', 'The runs cannot be shown', /#1 What you need/],
  ['/approvals', '/api/approvals?', 'The approvals cannot be shown', 'Nothing waits for you'],
  ['/runs/1', '/api/runs/1', 'The run cannot be shown', /#1 What you need/],
] as const;

describe.each(LISTS)('%s', (path, request, problem, content) => {
  const asked = ({ pathname, search }: URL) => `${pathname}${search}`.startsWith(request);
  afterEach(() => page.unroute(asked));

  it('shows that it loads', async () => {
    const held = Promise.withResolvers<null>();
    await page.route(asked, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto(`${served.api.url}${path}`);
    await page.locator('[aria-busy="true"]').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    held.resolve(null);
    await page.getByText(content).first().waitFor();
    expect(await page.locator('[aria-busy="true"]').count()).toBe(0);
  });

  it.each([
    [
      'says what the API says when it is not ready, and goes on when it is',
      'The database does not answer',
      { status: 503, code: 'database-away', title: 'Away', detail: 'The database does not answer; try again soon.' },
    ],
    ['says what to do when nothing answers, and goes on when it does', 'npm start', null],
  ])('%s', async (_, sentence, answer) => {
    await page.route(asked, (route) =>
      answer === null
        ? route.abort('connectionrefused')
        : route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(answer) }),
    );
    await page.goto(`${served.api.url}${path}`);
    await page.getByText(problem).waitFor();
    expect(await page.getByText(sentence).isVisible()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await page.unroute(asked);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(content).first().waitFor();
    expect(await page.getByText(problem).count()).toBe(0);
  });
});

it('says so when nothing of Baton answers, and comes back by its button', async () => {
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.goto(`${served.api.url}/runs`);
  await page.getByText('Baton cannot be reached').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: /#1 What you need/ }).waitFor();
});

it.each([
  ['/runs/99999', 'The run cannot be shown'],
  ['/runs?q=nothing-is-called-so', 'No run is like that'],
  ['/no/such/page', 'There is no such page'],
])('%s says what is missing', async (path, words) => {
  await served.open(path);
  await page.getByText(words).waitFor();
  expect(await barriersOf(page)).toEqual([]);
});

describe('an approval that is open', () => {
  let run: number;

  beforeAll(async () => {
    const { api } = served;
    await api.record.addPipeline(plan('ship', [noop('first'), approvalStep('approval', ['team-lead'], ['first'])]));
    const worker = await startWorker(api.record.db, api.taskQueue);
    run = (await api.post('/api/runs', { pipeline: 'ship' })).body.number;
    await eventually(async () => (await api.get(`/api/approvals?status=open&run=${run}`)).body.items[0]);
    await worker.stop();
  }, MINUTE);

  it('is shown to others with who can decide it', async () => {
    await served.open('/approvals');
    await page.getByText('Waiting for others').waitFor();
    const look = page.getByRole('button', { name: /^Look #/ });
    expect(await look.getAttribute('aria-expanded')).toBe('false');
    await look.click();
    await page.getByText('You cannot decide this').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  it('asks before it cancels', async () => {
    await served.open(`/runs/${run}`);
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is found from the runs, and refused only with a note', async () => {
    await served.signIn('reviewer');
    await page.getByText('One decision waits for you').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole('link', { name: /^Review #/ }).click();
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Say why you reject').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  it(
    'says that a decision is not known while no worker runs; sent again by the keyboard alone, it counts once',
    async () => {
      const { api } = served;
      await served.open('/runs');
      await page.getByRole('link', { name: /^Review #/ }).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await served.tabTo('a[aria-label^="Review #"]');
      await page.keyboard.press('Enter');
      await page.getByLabel('Note').waitFor();
      await served.tabTo('textarea');
      await page.keyboard.type('read with the keyboard');
      await served.tabTo('button');
      await page.keyboard.press('Enter');
      await page.getByText('It is not known yet whether this counts').waitFor();
      expect(await barriersOf(page)).toEqual([]);

      const worker = await startWorker(api.record.db, api.taskQueue);
      try {
        await page.getByRole('button', { name: 'Send it again' }).focus();
        await page.keyboard.press('Enter');
        await page.locator('[data-decided][data-status="approved"]').getByText('“read with the keyboard”').waitFor();
        const { body } = await api.get(`/api/approvals?run=${run}`);
        expect(body.items.map(({ status, decisions }) => [status, decisions.length])).toEqual([['approved', 1]]);
        expect(await barriersOf(page)).toEqual([]);
      } finally {
        await worker.stop();
      }
    },
    2 * MINUTE,
  );
});

it(
  'shows approvals page by page, counts them all, and what was decided however many are open',
  async () => {
    const { record } = served.api;
    await askForApproval(record, { days: 90, approvers: ['team-lead'], approvedBy: 'reviewer', settledDays: 80 });
    for (let days = 1; days <= 31; days++) await askForApproval(record, { days, approvers: ['team-lead'] });
    await served.open('/approvals');
    await page.getByRole('link', { name: 'Approvals 31 waiting for you' }).waitFor();
    expect(await page.title()).toBe('(31) Approvals · Baton');
    expect(await page.locator('[data-decided]').count()).toBe(2);
    const cards = page.locator('[data-approval]');
    await cards
      .first()
      .getByRole('link', { name: /asks-31/ })
      .waitFor();
    // The next one is open, and another when it is asked for.
    expect(await page.getByLabel('Note').count()).toBe(1);
    await page.getByRole('button', { name: /^Review #.* asks-30$/ }).click();
    await page.getByLabel('Note').nth(1).waitFor();
    for (const count of [20, 30, 31]) {
      await page.getByRole('button', { name: 'Show more that wait for you' }).click();
      await cards.nth(count - 1).waitFor();
      expect(await cards.count()).toBe(count);
    }
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  },
  MINUTE,
);

it('signs out by the keyboard: the session ends, and nothing that was shown stays', async () => {
  await served.open('/approvals');
  const [cookie] = await served.context.cookies();
  await served.tabTo('[aria-label^="You: "]');
  await page.keyboard.press('Enter');
  const leave = page.getByRole('button', { name: 'Sign out' });
  await leave.waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await leave.focus();
  await page.keyboard.press('Enter');
  await heading('Sign in to Baton').waitFor();
  expect(await page.locator('[data-approval]').count()).toBe(0);
  const headers = { cookie: `${cookie!.name}=${cookie!.value}` };
  expect((await served.api.get('/api/me', { as: null, headers })).status).toBe(401);
  await page.reload();
  await heading('Sign in to Baton').waitFor();
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(served.complaints).toEqual([]);
});
