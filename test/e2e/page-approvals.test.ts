import type { Page } from 'playwright-core';
import { startWorker, type TestWorker } from '../api/fake-activities.js';
import { askForApproval } from '../api/asked-approval.js';
import { approvalStep, noop, plan } from '../api/record.js';
import { eventually } from '../support/eventually.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
let page: Page;
let worker: TestWorker;
let run: number;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  const { api } = served;
  worker = await startWorker(api.record.db, api.taskQueue);
  const asks = {
    ...approvalStep('ok', ['team-lead', 'admin']),
    policy: { kind: 'all', approvers: ['team-lead', 'admin'], atLeast: 1 } as const,
  };
  await api.record.addPipeline(plan('ship', [asks, noop('release', ['ok'])]));
  run = (await api.post('/api/runs', { pipeline: 'ship' })).body.number;
  const approval = await eventually(
    async () => (await api.get(`/api/approvals?status=open&run=${run}`)).body.items[0] ?? null,
  );
  const risk = {
    tier: 'high',
    reasons: [
      { rule: 'schema', tier: 'high', why: 'it changes the database’s schema: db/1.sql' },
      { rule: 'docs', tier: 'low', why: 'it changes texts: a.md' },
    ],
  };
  await api.record.inTx((tx) =>
    tx
      .updateTable('approvals')
      .set({ risk: JSON.stringify(risk), sole_member: true })
      .where('id', '=', approval.id)
      .execute(),
  );
  await askForApproval(api.record, { days: 5, approvers: ['team-lead'], risk: 'low' });
}, 2 * MINUTE);

afterAll(async () => {
  await worker.stop();
  await served.close();
}, MINUTE);

const needs = () => page.getByRole('region', { name: 'What it needs' });

describe('an approval that several have to give', () => {
  it(
    'says its risk and why, what happens, which rule asks for what, and who can say yes',
    async () => {
      await served.signIn('reviewer');
      const waiting = page.getByRole('region', { name: '2 decisions wait for you' });
      await waiting.getByText('low risk').waitFor();
      expect(await waiting.getByRole('link', { name: /^Review / }).allTextContents()).toHaveLength(2);
      expect(
        await waiting
          .getByRole('link', { name: /^Review / })
          .first()
          .getAttribute('aria-label'),
      ).toContain('ship');
      await served.open('/approvals');
      await page.getByText('the run goes on with release').waitFor();
      expect(await page.getByText('high risk').count()).toBe(2);
      await page.getByText('it changes the database’s schema: db/1.sql').waitFor();
      expect(await page.getByText('it changes texts').count()).toBe(0);
      await needs().getByText('every one of team-lead and admin').waitFor();
      await needs()
        .getByText(/ok: the pipeline asks for it · can say yes: (admin, reviewer|reviewer, admin)/)
        .waitFor();
      expect(await barriersOf(page)).toEqual([]);
    },
    MINUTE,
  );

  it(
    'is discussed without being decided, and shows what others say',
    async () => {
      await page.getByLabel('Say something').fill('is it reversible?');
      await page.getByRole('button', { name: 'Say it' }).click();
      const said = page.getByRole('region', { name: 'Discussion' });
      await said.getByText('is it reversible?').waitFor();
      const { items } = (await served.api.get(`/api/approvals?status=open&run=${run}`)).body;
      await served.api.post(`/api/approvals/${items[0]!.id}/comments`, { body: 'yes, it is' });
      await page.reload();
      await said.getByText('yes, it is').waitFor();
      expect(await barriersOf(page)).toEqual([]);
      expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(1);
    },
    MINUTE,
  );

  it(
    'counts the first yes, and says whose is still needed',
    async () => {
      await page.getByRole('button', { name: 'Approve' }).click();
      // It waits for others now.
      await page.getByRole('button', { name: /^Look #/ }).click();
      await needs().getByText('(still needed: all of admin)').waitFor();
      await needs()
        .getByText(/yes: reviewer · can say yes: admin/)
        .waitFor();
      await page.getByText('reviewer has decided this approval already').waitFor();
    },
    MINUTE,
  );

  it(
    'says that the run is paused, and, decided, what happened since',
    async () => {
      const { api } = served;
      await api.post(`/api/runs/${run}/overrides`, { kind: 'pause', reason: 'not today' });
      await page.getByText('the run goes on with release, once somebody resumes the run: it is paused').waitFor();
      const { items } = (await api.get(`/api/approvals?status=open&run=${run}`)).body;
      await api.post(`/api/approvals/${items[0]!.id}/decision`, { decision: 'approve', note: 'fine' });
      await served.open('/approvals');
      const decided = page.locator('[data-decided]').filter({ hasText: 'ship' });
      await decided.getByText(/^Since then: paused/).waitFor();
      await api.post(`/api/runs/${run}/overrides`, { kind: 'resume', reason: 'now' });
      await eventually(async () => (await api.get(`/api/runs/${run}`)).body.status === 'succeeded');
      await served.open('/approvals');
      await decided.locator('[data-since="succeeded"]').waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await decided.getByRole('link', { name: /ship/ }).click();
      await page.locator('[data-panel="ok"]').getByText('admin approved').waitFor();
    },
    MINUTE,
  );
});
