import type { Page } from 'playwright-core';
import { preparePipelineThatAsks } from '../api/asking.js';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { eventually } from '../support/eventually.js';
import { barriersOf, DESKTOP } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
let page: Page;
let worker: TestWorker;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  const { api } = served;
  worker = await startWorker(api.record.db, api.taskQueue, await preparePipelineThatAsks(api));
}, 2 * MINUTE);

afterAll(async () => {
  await worker.stop();
  await served.close();
}, MINUTE);

const ask = async (): Promise<number> => {
  const { body } = await served.api.post('/api/runs', { pipeline: 'asks', repository: 'demo' }, { as: 'author' });
  return body.number;
};
const asked = (run: number) =>
  eventually(async () => (await served.api.get(`/api/questions?status=open&run=${run}`)).body.items[0]);

it(
  'comes up by itself where it waits for somebody, and is answered by the keyboard',
  async () => {
    await served.signIn('reviewer');
    await served.open('/approvals');
    await page.getByText('Nothing waits for you').waitFor();
    const run = await ask();
    const { id } = await asked(run);
    const card = page.locator(`[data-question="${id}"]`);
    await card.getByText('Keep the old name?').waitFor();
    await page.getByRole('link', { name: /Approvals.*1 waiting for you/ }).waitFor();
    expect(await card.getByText('recommended').count()).toBe(1);

    // Whoever sends nothing is told what is missing.
    await card.getByRole('button', { name: 'Answer' }).click();
    await card.getByText('Choose one, or say it in your own words.').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);

    await page.locator('#content').focus();
    await served.tabTo('input[type="radio"]');
    await page.keyboard.press('Space');
    await served.tabTo('textarea');
    await page.keyboard.press('Tab');
    await page.keyboard.type('It is known.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(`Run #${run} goes on with it.`).waitFor();
    await card.waitFor({ state: 'detached' });
    const { body } = await served.api.get(`/api/questions/${id}`);
    expect(body).toMatchObject({
      status: 'answered',
      answer: { by: 'reviewer', option: 'Keep', reason: 'It is known.' },
    });
  },
  3 * MINUTE,
);

it('is found from the runs, and on its run; there it stays with its answer', async () => {
  const run = await ask();
  await asked(run);
  await served.open('/runs');
  await page.getByText('One decision waits for you').waitFor();
  await page.getByRole('link', { name: `Answer #${run} asks` }).waitFor();
  await served.open(`/runs/${run}`);
  await page.getByRole('link', { name: 'Answer Work' }).click();
  const panel = page.locator('[data-panel="work"]');
  await panel.getByRole('radio', { name: /Rename/ }).check();
  await panel.getByLabel('In your own words').fill('Callers are told.');
  await panel.getByRole('button', { name: 'Answer' }).click();
  await panel.locator('[data-answered-by="reviewer"]').getByText('Callers are told.').waitFor();
  await page.locator('[data-step="work"][data-status="succeeded"]').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.setViewportSize(DESKTOP);
});

it('says to others who is asked, and that it was escalated', async () => {
  const run = await ask();
  const { id } = await asked(run);
  await served.signIn('admin');
  await served.open('/approvals');
  const others = page.getByRole('region', { name: 'Questions to others' });
  await others.getByText(/admin is not among those who are asked.*It can be answered by author, reviewer\./).waitFor();
  expect(await page.getByRole('button', { name: 'Answer' }).count()).toBe(0);
  await served.open(`/runs/${run}`);
  expect(await page.locator('[data-escalation]').count()).toBe(0);
  await served.api.record.inTx((tx) =>
    tx
      .updateTable('escalations')
      .set({ levels: JSON.stringify([{ level: 0, at: new Date().toISOString(), did: ['told #agent-ops'] }]) })
      .where('subject', '=', `question:${id}`)
      .execute(),
  );
  await served.open(`/runs/${run}`);
  const alert = page.locator('[data-escalation="agent-blocked"]');
  await alert.getByText('told #agent-ops').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  // It goes with its cause.
  await served.api.post(`/api/questions/${id}/answer`, { option: 'Keep', reason: 'x' }, { as: 'author' });
  await alert.waitFor({ state: 'detached' });
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(served.complaints).toEqual([]);
});
