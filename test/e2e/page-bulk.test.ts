import type { Page } from 'playwright-core';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, plan } from '../api/record.js';
import { eventually } from '../support/eventually.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
let page: Page;
let worker: TestWorker;
let first: number;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  const { api } = served;
  worker = await startWorker(api.record.db, api.taskQueue);
  for (const name of ['ship', 'other']) await api.record.addPipeline(plan(name, [approvalStep('ask', ['team-lead'])]));
  const numbers: number[] = [];
  for (const pipeline of ['ship', 'ship', 'ship', 'other'])
    numbers.push((await api.post('/api/runs', { pipeline })).body.number);
  first = numbers[0]!;
  for (const number of numbers)
    await eventually(async () => (await api.get(`/api/approvals?status=open&run=${number}`)).body.items[0]);
  await api.post(`/api/runs/${first}/overrides`, { kind: 'pause', reason: 'before' });
}, 2 * MINUTE);

afterAll(async () => {
  await worker.stop();
  await served.close();
}, MINUTE);

const dialog = () => page.getByRole('dialog');
const choose = async (what: string): Promise<void> => {
  await page.getByRole('button', { name: 'Act on many' }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await dialog().getByText('as on the page').waitFor();
};
const run = async (number: number) => (await served.api.get(`/api/runs/${number}`)).body;
const overridesOf = async (number: number) =>
  ((await run(number)) as unknown as { overrides: readonly { reason: string }[] }).overrides.map(
    ({ reason }) => reason,
  );

it(
  'shows what it touches and what not and why, asks for the reason, touches those that are ticked, and says what became of each',
  async () => {
    await served.signIn('reviewer');
    await served.open('/runs?pipeline=ship');
    await page.getByRole('button', { name: 'Act on many' }).click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Pause …', 'Resume …']);
    await page.keyboard.press('Escape');
    await choose('Pause');
    await dialog().getByText('Runs that are open, of ship, as on the page').waitFor();
    await dialog().getByText('It touches 2 runs').waitFor();
    await dialog().locator(`[data-left="${first}"]`).getByText('paused already').waitFor();
    await dialog()
      .getByRole('checkbox', { name: `#${first + 2} ship` })
      .uncheck();
    await dialog().getByRole('button', { name: 'Pause one run' }).click();
    await dialog().getByText('Say why').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await run(first + 1)).toMatchObject({ paused: false });

    await dialog().getByLabel('Reason').fill('the release is off');
    await page.keyboard.press('Enter');
    await dialog().getByText('Done to one run').waitFor();
    await dialog()
      .locator('[data-outcome="done"]')
      .getByText(`#${first + 1} ship: paused`)
      .waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await overridesOf(first + 1)).toEqual(['the release is off']);
    expect(await run(first + 2)).toMatchObject({ paused: false });
    expect(await run(first + 3)).toMatchObject({ paused: false });
    await dialog().getByRole('button', { name: 'Done' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: `#${first + 1} ship` })
      .getByText(/^paused ·/)
      .waitFor();
  },
  MINUTE,
);

it(
  'says what a run refuses that changed since the preview, and what nobody is like',
  async () => {
    await served.signIn('admin');
    await served.open('/runs?pipeline=ship');
    await choose('Resume');
    await dialog().getByText('It touches 2 runs').waitFor();
    await served.api.post(`/api/runs/${first}/overrides`, { kind: 'resume', reason: 'by hand' });
    await dialog().getByLabel('Reason').fill('it is on again');
    await dialog().getByRole('button', { name: 'Resume 2 runs' }).click();
    await dialog().getByText('Done to one run; 1 left as before').waitFor();
    await dialog().locator('[data-outcome="refused"]').getByText(`#${first} ship: left as it is`).waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();

    await served.open('/runs?q=nothing-is-called-so');
    await choose('Cancel');
    await dialog().getByText('No run is like that.').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  },
  MINUTE,
);

it(
  'cancels and repeats, and leads to the new run; those who may only look are offered nothing',
  async () => {
    await served.open('/runs?pipeline=other');
    await choose('Cancel');
    await dialog().getByLabel('Reason').fill('not needed');
    await dialog().getByRole('button', { name: 'Cancel one run' }).click();
    await dialog().getByText('Done to one run').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await eventually(async () => (await run(first + 3)).status === 'cancelled');
    await choose('Rerun');
    await dialog().getByText('Runs that are failed or cancelled, of other, as on the page').waitFor();
    await dialog().getByText('from ask').waitFor();
    await dialog().getByLabel('Reason').fill('needed after all');
    await dialog().getByRole('button', { name: 'Rerun one run' }).click();
    await dialog()
      .getByRole('link', { name: `#${first + 4}` })
      .click();
    await page.getByRole('heading', { name: `#${first + 4} other` }).waitFor();
    await dialog().waitFor({ state: 'detached' });

    await served.signIn('reader');
    await served.open('/runs');
    expect(await page.getByRole('button', { name: 'Act on many' }).count()).toBe(0);
    expect(served.complaints).toEqual([]);
  },
  MINUTE,
);
