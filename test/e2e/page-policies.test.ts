import type { Page } from 'playwright-core';
import { insertApproval } from '../../src/db/approvals.js';
import { createPerson } from '../../src/db/people.js';
import { approvalStep, plan } from '../api/record.js';
import { asks } from '../support/requirement.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  await served.api.record.addRepository('lib');
}, 2 * MINUTE);

afterAll(() => served.close(), MINUTE);

const propose = (source: string, repository: string | null = 'lib') =>
  served.api.post('/api/policies', { source, repository, reason: 'texts land alone' });

it(
  'says in sentences what holds, to those who may only look; an approval leads to the rule that asks',
  async () => {
    const { record } = served.api;
    const { id: runId } = await record.createRun({ plan: plan('ship', [approvalStep('ok', ['dba'])]) });
    await record.inTx((tx) =>
      insertApproval(tx, {
        organisationId: record.organisationId,
        runId,
        step: 'ok',
        purpose: 'step',
        risk: { tier: 'high', reasons: [] },
        requirements: [{ ...asks(['team-lead']), rule: 'database-schema', why: 'it changes the schema' }],
        excluded: [],
        soleMember: false,
        change: null,
        expiresAt: new Date(Date.now() + MINUTE),
      }),
    );
    await served.signIn('reader');
    await served.open('/policies');
    await page.getByText('The policies that come with Baton: the organisation has none of its own.').waitFor();
    await page.getByText('Nothing lands on a protected branch without a human.').waitFor();
    await page.getByText('security-lead and cto each have to say yes').waitFor();
    await page
      .locator('[data-policy="database-schema"]')
      .getByText('Asked besides, by itself: where the rule schema rates the change.')
      .waitFor();
    expect(await page.getByRole('button', { name: 'Propose a change' }).count()).toBe(0);
    await page.getByText('The source, policies.yaml').click();
    await page.getByLabel('policies.yaml').getByText('landsAlone: nothing').waitFor();
    expect(await barriersOf(page)).toEqual([]);

    await served.open('/approvals');
    await page.getByRole('button', { name: /^Look #/ }).click();
    await page.getByRole('link', { name: 'database-schema' }).click();
    await page.locator('[data-policy="database-schema"][data-named="true"]').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  },
  MINUTE,
);

it(
  'takes a proposal: its faults under the lines that they are in; then what it changes, by itself, and it holds',
  async () => {
    await served.signIn('admin');
    await served.open('/policies?repository=lib');
    await page.getByText('lib has none of its own.').waitFor();
    await page.getByRole('button', { name: 'Propose a change' }).click();
    const source = page.getByLabel('policies.yaml', { exact: false }).and(page.locator('textarea'));
    await source.fill('asks: { medium: feature, high: feature }\nlandsAlone: everything\n');
    await page.getByRole('button', { name: 'Propose it' }).click();
    await page.getByText('Say why').waitFor();
    await page.getByLabel('Reason').fill('texts land alone');
    await page.keyboard.press('Enter');
    const fault = page.locator('[data-fault="2"]');
    await fault.getByText('landsAlone: everything').waitFor();
    await fault.getByText(/^\/landsAlone/).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await fault.getByRole('button', { name: 'Line 2, column 13' }).click();
    expect(await page.evaluate('document.activeElement.selectionStart')).toBe(53);

    await source.fill('landsAlone: low-risk\n');
    await page.getByRole('button', { name: 'Propose it' }).click();
    const proposal = page.locator('[data-proposal="1"]');
    await proposal.getByText('admin proposed it').waitFor();
    await proposal.getByText('landsAlone: low-risk').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await proposal.getByLabel('Note on version 1').fill('agreed on Monday');
    await proposal.getByRole('button', { name: 'Approve version 1' }).click();
    await proposal.waitFor({ state: 'detached' });
    await page.getByText('lands on a protected branch without a human: an exception').waitFor();
    await page.getByText(/Version 1 of lib, proposed by admin, approved by admin .*\(nobody else could\)/).waitFor();
    await page.locator('[data-version="1"][data-status="active"]').getByText('“agreed on Monday”').waitFor();
    await page.getByRole('link', { name: 'those that come with Baton' }).click();
    await page.getByRole('link', { name: 'version 1 of lib' }).waitFor();
  },
  MINUTE,
);

it(
  'shows a proposal as it comes, does not let who made it approve it where another admin can, and keeps a rejection',
  async () => {
    const { record } = served.api;
    const { organisationId } = record;
    await record.inTx((tx) => createPerson(tx, { organisationId, handle: 'second', name: 'Second', role: 'admin' }));
    await served.open('/policies?repository=lib');
    await propose('landsAlone: nothing\n');
    const proposal = page.locator('[data-proposal="2"]');
    await proposal.getByText('landsAlone: nothing').waitFor();
    await proposal.getByRole('button', { name: 'Approve version 2' }).click();
    await proposal.getByText('another admin approves it').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await proposal.getByRole('button', { name: 'Reject version 2' }).click();
    await page.locator('[data-version="2"][data-status="rejected"]').getByText('admin rejected it').waitFor();
    await served.open('/policies?repository=nowhere');
    await page.getByText('There is no repository nowhere').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(served.complaints).toEqual([]);
  },
  MINUTE,
);
