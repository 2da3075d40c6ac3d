import type { Page } from 'playwright-core';
import { appendArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { updateStep, type StepChange } from '../../src/db/steps.js';
import { noop, plan } from '../api/record.js';
import { createRunAtSetUp } from '../api/run-at-set-up.js';
import { eventually } from '../support/eventually.js';
import { barriersOf, DESKTOP, TELEPHONE } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;
const KIB = 1024;

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  await served.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await served.signIn('admin');
}, 2 * MINUTE);

afterAll(() => served.close(), MINUTE);

/** What a worker would write of a step, or of one item of it. */
function change(run: string, step: string, item: number | null, to: StepChange): Promise<void> {
  const { record } = served.api;
  const { organisationId, projectId } = record;
  const key = { organisationId, projectId, repositoryId: null, runId: run, step, item, name: step };
  const type = to.status === 'running' ? 'step.started' : 'step.completed';
  const event = {
    key: `${run}/${step}/${item}/${to.status}`,
    type,
    briefing: `${step}: ${to.status}`,
    payload: {},
  } as const;
  return record.inTx((tx) => updateStep(tx, key, to, [event]));
}

/** Waits until something lies inside the frame that it is scrolled in. */
const isInSight = (what: string, frame: string) =>
  eventually(() =>
    page.evaluate<boolean>(`(() => {
      const [inner, outer] = ${JSON.stringify([what, frame])}.map((of) => document.querySelector(of)?.getBoundingClientRect());
      return inner && outer && inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
    })()`),
  );

it('shows what happened between the first look and the opening of its stream', async () => {
  const opened = Promise.withResolvers<null>();
  const stream = '**/api/events';
  await page.route(stream, async (route) => {
    await opened.promise;
    await route.continue();
  });
  await page.goto(`${served.api.url}/runs`);
  await page.getByText('No runs yet').waitFor();
  await served.api.record.createRun({ plan: plan('between', [noop('first')]) });
  opened.resolve(null);
  await page.getByRole('link', { name: /#1 between/ }).waitFor();
  await page.unroute(stream);
});

describe('a run with more steps than fit', () => {
  const chain = Array.from({ length: 16 }, (_, n) => noop(`step-${n}`, n === 0 ? [] : [`step-${n - 1}`]));
  const wide = Array.from({ length: 5 }, (_, n) => noop(`side-${n}`, ['step-0']));
  let run: { id: string; number: number };

  beforeAll(async () => {
    run = await served.api.record.createRun({ plan: plan('wide', [...chain, ...wide]) });
    await change(run.id, 'step-0', null, { status: 'succeeded' });
    await change(run.id, 'step-1', null, { status: 'running' });
  });
  afterAll(() => page.setViewportSize(DESKTOP));

  it.each([
    ['a desk', DESKTOP],
    ['a telephone', TELEPHONE],
  ])('shows them as a graph on %s: what runs is in sight, the rest is reached by the keyboard', async (_, viewport) => {
    await page.setViewportSize(viewport);
    await served.open(`/runs/${run.number}`);
    const sight = page.getByRole('region', { name: 'Steps as a graph' });
    await sight.locator('[data-node="step-1"][data-status="running"]').waitFor();
    await isInSight('[data-node="step-1"]', '[data-zoom]');
    await sight.locator('[data-node="step-14"]').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.dataset.node')).toBe('step-15');
    await isInSight('[data-node="step-15"]', '[data-zoom]');
    await page.keyboard.press('Enter');
    await page.locator('[data-panel="step-15"]').waitFor();
  });

  it('shows them all at once when asked to', async () => {
    await page.getByRole('button', { name: 'All 21 steps at once' }).click();
    await page.getByRole('button', { name: 'Readable size' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  it('changes a step’s colour as it ends', async () => {
    await served.open(`/runs/${run.number}?step=step-1`);
    await page.locator('[data-node="step-1"][data-status="running"]').waitFor();
    await change(run.id, 'step-1', null, { status: 'succeeded' });
    await page.locator('[data-node="step-1"][data-status="succeeded"]').waitFor();
  });
});

it('draws of a thousand steps those near what is in sight, and comes to the others by the keyboard', async () => {
  const steps = Array.from({ length: 1_000 }, (_, n) => noop(`s-${n}`, n === 0 ? [] : [`s-${n - 1}`]));
  const run = await served.api.record.createRun({ plan: plan('thousand', steps) });
  await served.open(`/runs/${run.number}?step=s-500`);
  await isInSight('[data-node="s-500"]', '[data-zoom]');
  await isInSight('[data-step="s-500"]', 'ol');
  expect(await page.locator('[data-node]').count()).toBeLessThan(100);
  expect(await page.locator('[data-node="s-900"]').count()).toBe(0);
  await page.locator('[data-node="s-500"]').focus();
  for (let n = 501; n <= 540; n++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.dataset.node')).toBe(`s-${n}`);
  }
  await page.keyboard.press('Enter');
  await page.locator('[data-panel="s-540"]').waitFor();
  await isInSight('[data-step="s-540"]', 'ol');
});

it('counts the items of a mapped step in the graph, and shows each by itself', async () => {
  const map = { over: [], concurrency: 2 };
  const run = await served.api.record.createRun({
    plan: plan('mapped', [{ ...noop('each'), map }, noop('last', ['each'])]),
  });
  await change(run.id, 'each', null, { status: 'running', input: { items: 3, concurrency: 2 } });
  for (const item of [0, 1]) await change(run.id, 'each', item, { status: 'succeeded', output: { made: item } });
  await change(run.id, 'each', 2, { status: 'running' });
  await served.open(`/runs/${run.number}`);
  await page.locator('[data-node="each"]').getByText('2/3').waitFor();
  await page.locator('[data-step="each/1"][data-status="succeeded"]').click();
  await page.getByRole('tab', { name: 'Output' }).click();
  await page.locator('[data-panel="each"]').getByText('made: 1').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await change(run.id, 'each', 2, { status: 'succeeded' });
  await page.locator('[data-node="each"]').getByText('3/3').waitFor();
});

it('shows a set-up as a phase of its own: its command, its time, its output live, and why it failed', async () => {
  const run = await createRunAtSetUp(served.api.record, 'prepared');
  await run.begin();
  await run.print(run.log, 'resolving\n');
  await served.open(`/runs/${run.number}`);
  const phase = page.getByRole('region', { name: 'Set-up' });
  await phase.locator('[data-set-up="running"]').getByText('npm ci').waitFor();
  const output = phase.getByLabel('Output of the set-up');
  await output.getByText('resolving').waitFor();
  await run.print(run.log, 'added 3 packages\n');
  await output.getByText('added 3 packages').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await run.end('failed', 'The set-up command `npm ci` failed. Its last lines:\nnpm error code E404');
  await phase.locator('[data-set-up="failed"]').getByText('npm error code E404').waitFor();
  expect(await output.count()).toBe(0);
});

it('keeps the end of a log that grows, says that there is more, and links to the whole', async () => {
  const { record } = served.api;
  const run = await record.createRun({ plan: plan('talks', [noop('long')]) });
  await change(run.id, 'long', null, { status: 'running' });
  const log = await record.inTx((tx) =>
    openArtifact(tx, {
      organisationId: record.organisationId,
      runId: run.id,
      step: 'long',
      item: null,
      attempt: null,
      kind: 'log',
      name: 'long.log',
      mediaType: 'text/plain; charset=utf-8',
    }),
  );
  const write = (mark: string, kib: number) =>
    record.inTx((tx) =>
      appendArtifact(tx, log.id, Buffer.from(`${`${mark} ${'x'.repeat(1010)}\n`.repeat(kib)}the end of ${mark}\n`)),
    );
  await write('first', 200);
  await served.open(`/runs/${run.number}?tab=log`);
  const shown = page.getByLabel('long.log');
  await shown.getByText('the end of first').waitFor();
  expect(await page.getByText('not shown here').count()).toBe(0);

  await write('second', 200);
  await shown.getByText('the end of second').waitFor();
  await page.getByText(/Grows while it runs; the end of it, 1\d\d\.\d KiB before that are not shown here/).waitFor();
  const text = await page.evaluate<string>(`document.querySelector('[aria-label="long.log"]').textContent`);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256 * KIB);
  expect(text).toMatch(/^(first|second) x/);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the whole log' }).click(),
  ]);
  const whole = await (await download.createReadStream()).toArray();
  expect(Buffer.concat(whole as Buffer[]).toString()).toMatch(/^first x[^]*the end of second\n$/);
});

it('copies the whole of a commit that it shows in short', async () => {
  const run = await served.api.record.createRun({ plan: plan('commits', [noop('only')]) });
  const commit = '0123456789abcdef0123456789abcdef01234567';
  await change(run.id, 'only', null, { status: 'succeeded', commit });
  await served.open(`/runs/${run.number}`);
  await page.getByRole('button', { name: 'Copy the commit 0123456789' }).click();
  await eventually(async () => (await page.evaluate('navigator.clipboard.readText()')) === commit);
});

it('offers to load the page again where a part of it is gone, as after an update', async () => {
  const run = await served.api.record.createRun({ plan: plan('updated', [noop('only')]) });
  await page.route('**/assets/run-graph*.js', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${served.api.url}/runs/${run.number}`);
  const again = page.getByRole('button', { name: 'Load the page again' });
  await again.waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.unroute('**/assets/run-graph*.js');
  await again.click();
  await page.locator('[data-node="only"]').waitFor();
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(served.complaints).toEqual([]);
});
