import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { saveChannel } from '../../src/db/channels.js';
import { takeOutsideEvent } from '../../src/db/outside-events.js';
import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { commitTo } from '../support/forge-commit.js';
import { SLACK_TOKEN, slackFake, type SlackFake } from '../support/slack-fake.js';
import { attachmentOf, SMTP_PASSWORD, smtpFake } from '../support/smtp-fake.js';
import { CALCULATOR, outcomeOf } from './template-fixture.js';

/** Several attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

const design = (name: string): string =>
  readFileSync(new URL(`../schema/designs/${name}.yaml`, import.meta.url), 'utf8');

// Put together here, so that no scanner finds it in this file.
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7'].join('');
const FAILING = `import assert from 'node:assert';
import { test } from 'node:test';
import { divide } from '../src/divide.js';
test('refuses to divide by zero', () => assert.throws(() => divide(1, 0), RangeError));
`;
const FIXED = `export function divide(a, b) {
  if (b === 0) throw new RangeError('nothing is divided by zero');
  return a / b;
}
`;

let engine: Engine;
let slack: SlackFake;
let smtp: Awaited<ReturnType<typeof smtpFake>>;
beforeAll(async () => {
  slack = await slackFake();
  smtp = await smtpFake();
  engine = await startEngine({
    files: { ...CALCULATOR, 'src/config.js': `export const token = '${TOKEN}';\n` },
    people: { olga: ['on-call'], sven: ['senior-developer', 'security-lead'] },
    environment: {
      BATON_CHANNEL_SLACK: SLACK_TOKEN,
      BATON_CHANNEL_MAIL: SMTP_PASSWORD,
      npm_config_registry: 'http://127.0.0.1:9',
    },
    builtIn: [
      'security-scanner',
      'security-assessor',
      'compliance-checker',
      'notifier',
      'patcher',
      'report-generator',
    ],
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `
const edits = {
  'code.reproduce': () => write('test/divide-by-zero.test.js', ${JSON.stringify(FAILING)}),
  'code.fix': () => write(request.params.vulnerabilities ? 'src/config.js' : 'src/divide.js',
    request.params.vulnerabilities ? 'export const token = process.env.TOKEN;\\n' : ${JSON.stringify(FIXED)}),
  'code.implement': () => write('src/multiply.js', 'export const multiply = (a, b) => a * b;\\n'),
};
edits[request.action]?.();
done({ summary: 'Did ' + request.action + '.' });
`,
      },
      {
        name: 'tara',
        roles: ['tester'],
        script: `
if (request.action === 'code.writeTests') write('test/multiply.test.js', "import { test } from 'node:test';\\ntest('multiplies', () => {});\\n");
done({ summary: 'Holds.' });
`,
      },
      { name: 'cora', roles: ['reviewer'], script: "done({ summary: 'Fine.' });" },
      { name: 'sid', roles: ['security-reviewer'], script: "done({ summary: 'Safe.' });" },
    ],
  });
  await engine.addRepository('site', { 'README.md': 'nothing wrong here\n' });
  const address = 'baton@example.org';
  const channels = [
    ...['#security', '#security-alerts'].map(
      (name) =>
        ({
          name,
          kind: 'slack',
          settings: { apiUrl: `${slack.url}/api` },
          secretEnv: 'BATON_CHANNEL_SLACK',
          quietHours: null,
        }) as const,
    ),
    {
      name: 'mail',
      kind: 'mail',
      settings: {
        host: '127.0.0.1',
        port: smtp.port,
        encryption: 'none',
        user: 'baton',
        from: address,
        to: ['everybody@example.org'],
      },
      secretEnv: 'BATON_CHANNEL_MAIL',
      quietHours: null,
    } as const,
  ];
  for (const channel of channels)
    await engine.record.inTx((tx) => saveChannel(tx, engine.record.organisationId, channel));
});
afterAll(async () => {
  await engine.stop();
  await slack.close();
  await smtp.close();
});

/** The run that a label on a new issue starts. */
async function labelled(name: string, issue: { readonly title: string; readonly body: string; readonly label: string }): Promise<StartedRun> {
  await engine.savePipeline(design(name));
  const number = await engine.openIssue({ ...issue, labels: [issue.label] });
  const run = await engine.record.inTx((tx) =>
    tx
      .selectFrom('runs as r')
      .innerJoin('issues as i', 'i.id', 'r.issue_id')
      .select('r.id')
      .where('i.number', '=', number)
      .executeTakeFirstOrThrow(),
  );
  return engine.dispatch(run.id);
}

/** The run that an event of a code graph starts. */
async function updated(payload: JsonObject): Promise<StartedRun> {
  await engine.savePipeline(design('security-audit-deploy'));
  const { organisationId } = engine.record;
  const asker = engine.person('maya');
  const { runs } = await engine.record.inTx((tx) =>
    takeOutsideEvent(tx, {
      organisationId,
      projectId: engine.projectId,
      source: 'graph',
      actor: { kind: 'system', id: null, name: 'source graph' },
      asker,
      id: randomUUID(),
      type: 'graph.file.updated',
      payload,
    }),
  );
  return engine.dispatch(runs[0]!.id);
}

const pullRequestOf = ({ id }: Pick<StartedRun, 'id'>) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('pull_requests')
      .select(['title', 'labels', 'reviewers', 'state', 'head'])
      .where('run_id', '=', id)
      .executeTakeFirstOrThrow(),
  );

describe('the pipelines of the designs, as they were written', () => {
  it('bug-fix reproduces, fixes and reviews on a branch of the run, and opens a titled pull request', async () => {
    const run = await labelled('bug-fix', { title: 'Division by zero', body: 'divide(1, 0) gives Infinity.', label: 'bug' });
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    const pull = await pullRequestOf(run);
    expect(pull).toMatchObject({
      title: 'fix: Division by zero',
      labels: ['bug', 'expedited'],
      reviewers: ['on-call'],
      state: 'open',
      head: expect.stringMatching(/^bug-fix\/\d+-division-by-zero-run-\d+$/) as string,
    });
    expect(await engine.forgeGit('show', `${pull.head}:src/divide.js`)).toBe(FIXED.trimEnd());
  }, LONG_MS);

  it('feature-development asks the leads and squashes', async () => {
    const run = await labelled('feature-development', { title: 'Multiplication', body: 'multiply(2, 3) is 6', label: 'feature' });
    expect(await outcomeOf(engine, run, 'lee')).toMatchObject({ status: 'succeeded', error: null });
    expect(await pullRequestOf(run)).toMatchObject({
      title: 'feat: Multiplication',
      reviewers: ['team-lead'],
      state: 'merged',
    });
    expect(await engine.forgeGit('show', 'main:src/multiply.js')).toContain('multiply');
  }, LONG_MS);

  it('security-audit looks at all repositories, files each finding once and tells the team', async () => {
    const audited = await engine.run(design('security-audit'), { repository: null });
    expect(audited.result).toMatchObject({ status: 'succeeded', error: null });
    for (const step of ['dependency-scan', 'secret-scan', 'sast-scan'])
      expect((await engine.record.step(audited.id, step)).output).toMatchObject({
        repositories: [{ repository: 'demo' }, { repository: 'site' }],
      });
    expect((await engine.record.step(audited.id, 'create-issues')).output).toMatchObject({ filed: 1 });
    await engine.dispatchNotices();
    const posted = await eventually(() => slack.posted.find(({ channel }) => channel === '#security'));
    expect(posted.text).toContain('1 critical');
    const again = await engine.run(design('security-audit'), { repository: null });
    expect((await engine.record.step(again.id, 'create-issues')).output).toMatchObject({ filed: 0 });
  }, LONG_MS);

  it('compliance-check-weekly scores the project and mails the PDF to who is named', async () => {
    const run = await engine.run(design('compliance-check-weekly'), { repository: null });
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    const { score } = (await engine.record.step(run.id, 'scan-compliance')).output as { score: number };
    await engine.dispatchNotices();
    const mail = await eventually(() => smtp.mails[0]);
    expect(mail.to).toEqual(['compliance@company.com', 'security@company.com']);
    expect(mail.raw).toContain(`Subject: Weekly Compliance Report - Score: ${score}/100`);
    expect(attachmentOf(mail, 'application/pdf').subarray(0, 5).toString()).toBe('%PDF-');
  }, LONG_MS);

  it('security-audit-deploy scans what changed, alerts, and fixes on the branch of the scan once the policies agree', async () => {
    const previousCommit = await engine.forgeGit('rev-parse', 'main');
    commitTo(engine.repository.remoteUrl, 'main', { 'src/config.js': `export const token = '${TOKEN}'; // again\n` });
    const run = await updated({ filePath: 'src/config.js', branch: 'main', repositoryPath: '/srv/git/demo.git', previousCommit });
    const approval = await engine.asked(run, 'create-fix-pr-approval');
    // Nobody is named in the file: the policies ask a senior developer before an agent acts.
    expect(approval.requirements).toMatchObject([{ rule: 'feature', approvers: ['senior-developer'] }]);
    expect(await outcomeOf(engine, run, 'sven')).toMatchObject({ status: 'succeeded', error: null });
    await engine.dispatchNotices();
    const alert = await eventually(() => slack.posted.find(({ channel }) => channel === '#security-alerts'));
    expect(alert.text).toContain('1 CRITICAL vulnerabilities detected in /srv/git/demo.git');
    const { scanId } = (await engine.record.step(run.id, 'scan')).output as { scanId: string };
    expect(await pullRequestOf(run)).toMatchObject({ state: 'open', head: `security-fixes-${scanId}` });
    expect(await engine.forgeGit('show', `security-fixes-${scanId}:src/config.js`)).toBe('export const token = process.env.TOKEN;');
  }, LONG_MS);
});
