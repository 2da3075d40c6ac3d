import type { Page } from 'playwright-core';
import type { AgentStep } from '../../src/domain/plan.js';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { approvalStep, noop, plan } from '../api/record.js';
import { eventually } from '../support/eventually.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
let page: Page;
let worker: TestWorker | undefined;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  const { api } = served;
  const work = { ...noop('work', ['ask']), kind: 'agent', agent: { kind: 'any' }, action: 'code.implement', gates: [] };
  await api.record.addPipeline(
    plan('ship', [approvalStep('ask', ['team-lead']), work as unknown as AgentStep, noop('last', ['work'])]),
  );
  for (const name of ['devon', 'tara']) {
    const kind = { type: 'custom', kind: 'SCRIPT', adapter: 'command', riskLevel: 'AUTO', entry: { argv: ['true'] } };
    await api.post('/api/agents', { name, ...kind, roles: ['developer'], capabilities: [] });
  }
  worker = await startWorker(api.record.db, api.taskQueue);
  await served.signIn('admin');
}, 2 * MINUTE);

afterAll(async () => {
  await worker?.stop();
  await served.close();
}, MINUTE);

/** A run that waits for people, on the page. */
async function waitingRun(): Promise<number> {
  const { api } = served;
  const { number } = (await api.post('/api/runs', { pipeline: 'ship' })).body;
  await eventually(async () => (await api.get(`/api/approvals?status=open&run=${number}`)).body.items[0]);
  await served.open(`/runs/${number}`);
  return number;
}
const dialog = () => page.getByRole('dialog');
const stepIn = async (step: string, what: string): Promise<void> => {
  await page.locator(`[data-node="${step}"]`).click();
  await page.locator(`[data-panel="${step}"]`).getByRole('button', { name: 'Step in' }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await dialog().waitFor();
};
const status = async (run: number) => (await served.api.get(`/api/runs/${run}`)).body;

it('pauses a run by the keyboard alone, says so at once, and resumes it', async () => {
  const run = await waitingRun();
  const warned = served.api.record.inTx((tx) =>
    tx
      .updateTable('runs')
      .set({ warnings: ['its agents ran without a sandbox'] })
      .where('number', '=', run)
      .execute(),
  );
  await warned;
  await served.open(`/runs/${run}`);
  await page.getByText('its agents ran without a sandbox').waitFor();
  const pause = page.getByRole('button', { name: 'Pause the run' });
  await pause.focus();
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  expect(await barriersOf(page)).toEqual([]);
  expect(await page.evaluate('document.activeElement.tagName')).toBe('INPUT');
  await page.keyboard.press('Enter');
  await page.getByText('Say why').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.keyboard.type('wait for Lee');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Resume the run' }).waitFor();
  expect(await status(run)).toMatchObject({ paused: true });
  await page.getByRole('status').getByText('paused · admin paused the run: wait for Lee').waitFor();
  await page.locator('[data-override]', { hasText: 'admin paused the run: wait for Lee' }).waitFor();
  expect(await barriersOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Resume the run' }).click();
  await dialog().getByLabel('Reason').fill('Lee is here');
  await dialog().getByRole('button', { name: 'Resume the run' }).click();
  await pause.waitFor();
  expect(await status(run)).toMatchObject({ paused: false });
});

it('gives a step to another agent, completes it with an output, skips an approval; the run goes on', async () => {
  const run = await waitingRun();
  await stepIn('work', 'Reassign the step');
  await dialog().getByLabel('Reason').fill('Tara knows it');
  await dialog().getByRole('button', { name: 'Reassign the step' }).click();
  await dialog().getByText('Choose who takes it over').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await dialog().getByLabel('Agent').selectOption('tara');
  await dialog().getByRole('button', { name: 'Reassign the step' }).click();
  await page.locator('[data-override]', { hasText: 'admin reassigned work to tara: Tara knows it' }).waitFor();

  await stepIn('work', 'Complete the step');
  await dialog().getByLabel('Output (optional)').fill('{"summary": "by hand"');
  await dialog().getByText('This is not a JSON object').waitFor();
  await dialog().getByLabel('Output (optional)').fill('{"summary": "by hand"}');
  await dialog().getByLabel('Reason').fill('I did it');
  await dialog().getByRole('button', { name: 'Complete the step' }).click();
  await page
    .locator('[data-node="work"] [data-status="succeeded"], [data-node="work"][data-status="succeeded"]')
    .waitFor();

  await stepIn('ask', 'Skip the step');
  await dialog().getByLabel('Reason').fill('Lee said yes on the phone');
  await dialog().getByRole('button', { name: 'Skip the step' }).click();
  await eventually(async () => (await status(run)).status === 'succeeded');
});

it('resets a run to a step', async () => {
  await waitingRun();
  await stepIn('ask', 'Reset the run to here');
  expect(await barriersOf(page)).toEqual([]);
  await dialog().getByLabel('Reason').fill('once more');
  await dialog().getByRole('button', { name: 'Reset the run to here' }).click();
  await page.locator('[data-override]', { hasText: 'admin reset the run to The ask: once more' }).waitFor();
});

it('offers nothing to those who may not', async () => {
  await served.signIn('reviewer');
  await waitingRun();
  expect(await page.getByRole('button', { name: 'Pause the run' }).isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Cancel the run' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Step in' }).count()).toBe(0);
  await served.signIn('reader');
  await waitingRun();
  expect(await page.getByRole('button', { name: 'Pause the run' }).count()).toBe(0);
});
