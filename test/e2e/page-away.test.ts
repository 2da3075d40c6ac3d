import type { Page } from 'playwright-core';
import { askForApproval } from '../api/asked-approval.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;
const DAY_MS = 24 * 3600_000;

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
}, 2 * MINUTE);

afterAll(() => served.close(), MINUTE);

/** As a field for a time takes it. */
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 16);

it(
  'takes from when to when and who decides meanwhile; an approval names both, by itself; back, it is over',
  async () => {
    const { api } = served;
    await askForApproval(api.record, { days: 1, approvers: ['reviewer'], risk: 'high' });
    await served.signIn('reviewer');
    await page.getByRole('button', { name: 'You: reviewer, reviewer' }).click();
    await page.getByRole('link', { name: 'Away' }).click();
    await page.getByText('You are here').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'I am away' }).click();
    await page.getByText('Say until when').waitFor();
    await page.getByLabel('Until').fill(inDays(-1));
    await page.getByText('That is over already').waitFor();
    await page.getByLabel('Until').fill(inDays(2));
    expect(await page.getByLabel('Who decides for you').locator('option').allTextContents()).toEqual([
      'nobody',
      'admin',
      'author',
    ]);
    await page.getByLabel('Who decides for you').selectOption('author');
    await page.getByLabel('Note').fill('in the mountains');
    await page.keyboard.press('Enter');
    const absence = page.locator('[data-absence="now"]');
    await absence.getByText('author decides in your place.').waitFor();
    await absence.getByText('in the mountains').waitFor();
    expect(await barriersOf(page)).toEqual([]);

    // One that overlaps is refused, with the reason.
    await page.getByLabel('Until').fill(inDays(1));
    await page.keyboard.press('Enter');
    await page.getByText('You are away already').waitFor();

    await served.open('/approvals');
    const facts = page.locator('[data-approval]');
    await facts.getByText(/author \(for reviewer\)/).waitFor();
    await facts.getByText(/reviewer \(away until /).waitFor();
    expect(await barriersOf(page)).toEqual([]);

    const other = await served.context.newPage();
    await other.goto(`${api.url}/away`);
    await other.getByRole('button', { name: 'I am back' }).click();
    await other.getByText('You are here').waitFor();
    await other.close();
    await facts.getByText(/away until /).waitFor({ state: 'detached' });
    expect(await facts.getByText(/for reviewer/).count()).toBe(0);
  },
  MINUTE,
);

it('shows one that is still to come, which is taken back; nothing to those who decide nothing', async () => {
  await served.api.post(
    '/api/me/absences',
    { from: new Date(Date.now() + DAY_MS).toISOString(), until: new Date(Date.now() + 2 * DAY_MS).toISOString() },
    { as: 'reviewer' },
  );
  await served.open('/away');
  await page.locator('[data-absence="later"]').getByText('Nobody decides in your place.').waitFor();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('You are here').waitFor();
  await served.signIn('reader');
  await served.open('/away');
  await page.getByText('Your role decides nothing').waitFor();
  expect(await page.getByRole('button', { name: 'I am away' }).count()).toBe(0);
  expect(await barriersOf(page)).toEqual([]);
  expect(served.complaints).toEqual([]);
});
