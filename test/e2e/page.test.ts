import type { Browser, BrowserContext, Page } from 'playwright-core';
import { barriersOf, complaintsOf, DESKTOP, launchBrowser } from './page-browser.js';
import { RunningPlatform } from './running-platform.js';

const MINUTES = 60_000;
/** What the page does by itself. */
const PATIENCE_MS = 20_000;
/** A run of the demo takes about twenty seconds to its approval, on a busy machine longer. */
const RUN_MS = 2 * MINUTES;

let platform: RunningPlatform;
let browser: Browser | undefined;
let context: BrowserContext;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  browser = await launchBrowser();
  platform = await RunningPlatform.start();
  context = await browser.newContext({ viewport: DESKTOP });
  context.setDefaultTimeout(PATIENCE_MS);
  complaints = complaintsOf(context, platform.connection.url);
  page = await context.newPage();
}, 2 * MINUTES);

afterAll(async () => {
  await Promise.all([browser?.close(), RunningPlatform.removeAll()]);
}, MINUTES);

const node = (step: string, status: string) => page.locator(`[data-node="${step}"][data-status="${status}"]`);
const runStatus = (status: string) => page.locator(`header [data-status="${status}"]`, { hasText: status });
const colourOf = (step: string) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('[data-node="${step}"]')).borderTopColor`);

/** Goes with the document: a reload, or a link that is not the page's own, loses it. */
const mark = () => page.evaluate('window.theSameDocument = true');
const isTheSameDocument = () => page.evaluate<boolean>('window.theSameDocument === true');

it('says how to sign in to somebody who is not', async () => {
  await page.goto(`${platform.connection.url}/runs`);
  await page.getByRole('heading', { name: 'Sign in to Baton' }).waitFor();
  expect(await page.getByText('npm start').isVisible()).toBe(true);
});

it(
  'shows a run live, takes a rejection with its note only, and shows the run failed without a reload',
  async () => {
    const link = /http\S+\/sign-in\?token=\S+/.exec(platform.log)![0];
    await page.goto(link);
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await mark();
    await page
      .getByRole('link', { name: /#1 .*truncate/ })
      .first()
      .click();

    await node('approval', 'waiting').waitFor({ timeout: RUN_MS });
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Say why you reject').waitFor();
    expect(await node('approval', 'waiting').isVisible()).toBe(true);

    await page.getByLabel('Note').fill('boundary is hard to read');
    await page.getByRole('button', { name: 'Reject' }).click();
    await runStatus('failed').waitFor();
    await node('merge', 'skipped').waitFor();
    await page.getByText('“boundary is hard to read”').waitFor();
    expect(await isTheSameDocument()).toBe(true);
  },
  3 * MINUTES,
);

it(
  'reruns from a step: the approval of the rerun shows the change and the gates that it took over; cancels it',
  async () => {
    await page.locator('[data-node="code-review"]').click();
    await page.getByRole('button', { name: 'Rerun from here' }).click();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start the rerun' }).click();
    await page.getByRole('heading', { name: /^#2 / }).waitFor();
    await node('approval', 'waiting').waitFor({ timeout: RUN_MS });
    const panel = page.locator('[data-panel="approval"]');
    await panel.locator('[data-gate="coverage"][data-verdict="pass"]').waitFor();
    await panel.getByRole('tab', { name: 'Diff' }).click();
    await panel.getByText('export function truncate(text, maxLength').waitFor();
    await page.locator('[data-node="implement"]').click();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.locator('[data-panel="implement"]').getByRole('link', { name: 'run #1' }).waitFor();

    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('seen enough');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await runStatus('cancelled').waitFor();
    await node('approval', 'cancelled').waitFor();
    expect(await isTheSameDocument()).toBe(true);
  },
  3 * MINUTES,
);

it(
  'shows a new run appear, its steps change colour, its diff and gates; approved, the run succeeds without a reload',
  async () => {
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('link', { name: /#1 / }).first().waitFor();
    const opened = await platform.request('/repositories/textkit/issues', {
      body: { title: 'Cut long titles', labels: ['feature'] },
      key: 'second-issue',
    });
    expect(opened.status).toBe(201);
    await page
      .getByRole('link', { name: /#3 Cut long titles/ })
      .first()
      .click();

    await node('implement', 'running').waitFor({ timeout: RUN_MS });
    const running = await colourOf('implement');
    await node('implement', 'succeeded').waitFor({ timeout: RUN_MS });
    const succeeded = await colourOf('implement');
    expect(running).not.toBe(succeeded);

    await node('approval', 'waiting').waitFor({ timeout: RUN_MS });
    await page.getByRole('link', { name: /Approvals.*1 waiting for you/ }).click();
    const card = page.locator('[data-approval]');
    await card.getByText('src/truncate.js', { exact: true }).first().waitFor();
    await card.getByText('export function truncate(text, maxLength').waitFor();
    await card.locator('[data-gate="coverage"][data-verdict="pass"]').waitFor();
    expect(await card.getByText('100 % of lines covered').isVisible()).toBe(true);

    expect(await barriersOf(page)).toEqual([]);

    await card.getByLabel('Note').fill('reads well');
    await card.getByRole('button', { name: 'Approve' }).click();
    const decided = page.locator('[data-decided][data-status="approved"]');
    await decided.getByText('“reads well”').waitFor();
    await decided.getByRole('link', { name: /#3/ }).click();
    await runStatus('succeeded').waitFor();
    await node('merge', 'succeeded').waitFor();
    expect(await isTheSameDocument()).toBe(true);
  },
  3 * MINUTES,
);

it('shows input, output, log and diff of a step', async () => {
  await page.locator('[data-node="implement"]').click();
  const panel = page.locator('[data-panel="implement"]');
  await panel.getByRole('tab', { name: 'Input' }).click();
  await panel.getByText('requirements:').waitFor();
  await panel.getByRole('tab', { name: 'Output' }).click();
  await panel.getByText('Adds truncate').waitFor();
  await panel.getByRole('tab', { name: 'Log' }).click();
  await panel.getByText('looking at src/ to see how the library is built').waitFor();
  await panel.getByRole('tab', { name: 'Diff' }).click();
  await panel.getByText('src/truncate.js', { exact: true }).waitFor();
  expect(await isTheSameDocument()).toBe(true);
});

it('keeps its filters in the address', async () => {
  await page.goto(`${platform.connection.url}/runs?status=failed`);
  await page.getByRole('link', { name: /#1 / }).waitFor();
  expect(await page.getByRole('link', { name: /#3 / }).count()).toBe(0);
  await page.getByLabel('Search').fill('nothing is called so');
  await page.getByText('No run is like that').waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('nothing is called so');
});

const PATHS = ['/runs', '/runs/1', '/runs/3?step=write-tests', '/runs/3?step=implement&tab=diff', '/approvals'];

/** Opens a page of the platform, and waits until it has all that it shows. */
async function open(path: string): Promise<void> {
  await page.goto(`${platform.connection.url}${path}`);
  await page.locator('[data-live="live"]').first().waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
}

it.each(PATHS)('%s has no barrier that axe knows, and fits on a telephone', async (path) => {
  await open(path);
  expect(await barriersOf(page)).toEqual([]);
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(complaints).toEqual([]);
});
