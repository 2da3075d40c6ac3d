import { saveChannel } from '../../src/db/channels.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { commitTo } from '../support/forge-commit.js';
import { SLACK_TOKEN, slackFake, type SlackFake } from '../support/slack-fake.js';
import { CALCULATOR, failAt, outcomeOf, template } from './template-fixture.js';

/** Scans and attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

// Put together here, so that no scanner finds it in this file.
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7'].join('');

let engine: Engine;
let slack: SlackFake;
beforeAll(async () => {
  slack = await slackFake();
  engine = await startEngine({
    files: { ...CALCULATOR, 'src/old.js': 'export const run = (code) => eval(code);\n' },
    people: { sven: ['security-lead', 'cto'] },
    environment: { BATON_CHANNEL_SLACK: SLACK_TOKEN },
    builtIn: ['security-scanner', 'security-assessor', 'notifier', 'patcher'],
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `
write('src/config.js', 'export const token = process.env.TOKEN;\\n');
write('MENDED.md', request.params.vulnerabilities.map(({ severity, file }) => severity + ' ' + file + '\\n').join(''));
done({ summary: 'Mends it.' });
`,
      },
    ],
  });
  await engine.record.inTx((tx) =>
    saveChannel(tx, engine.record.organisationId, {
      name: '#security-alerts',
      kind: 'slack',
      settings: { apiUrl: `${slack.url}/api` },
      secretEnv: 'BATON_CHANNEL_SLACK',
      quietHours: null,
    }),
  );
  await engine.savePipeline(template('security-audit-on-change'));
  await engine.forge.observePushes(engine.record.organisationId, engine.repository.id);
});
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  await slack.close();
});

/** The run that a push to main starts; null where it starts none. */
async function pushed(files: Readonly<Record<string, string>>): Promise<StartedRun | null> {
  const runs = () => engine.record.inTx((tx) => tx.selectFrom('runs').select('id').orderBy('number').execute());
  const before = await runs();
  commitTo(engine.repository.remoteUrl, 'main', files);
  await engine.forge.observePushes(engine.record.organisationId, engine.repository.id);
  const [started] = (await runs()).slice(before.length);
  return started ? engine.dispatch(started.id) : null;
}

describe('security-audit-on-change', () => {
  let rejected: string;

  it('is not started by what is no code', async () => {
    expect(await pushed({ 'README.md': 'a calculator\n' })).toBeNull();
  });

  it('scans what a push changed, tells of what is critical, and changes nothing where the security lead says no', async () => {
    const run = (await pushed({ 'src/config.js': `export const token = '${TOKEN}';\n` }))!;
    expect(await outcomeOf(engine, run, 'sven', 'approve-fix')).toMatchObject({
      status: 'failed',
      error: { code: 'rejected', step: 'approve-fix' },
    });
    rejected = run.id;
    const { output } = await engine.record.step(run.id, 'scan');
    expect(output).toMatchObject({
      scanId: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      commit: await engine.forgeGit('rev-parse', 'main'),
      // Not src/old.js, which the push left as it was.
      vulnerabilities: [{ severity: 'critical', file: 'src/config.js', line: 1 }],
      summary: { critical: 1, total: 1 },
      filesScanned: 1,
    });
    expect((await engine.record.step(run.id, 'assess')).output).toMatchObject({ riskLevel: 'critical', riskScore: 40 });
    expect((await engine.record.step(run.id, 'alert')).output).toMatchObject({ channel: '#security-alerts', sent: true });
    await engine.dispatchNotices();
    const { channel, text } = await eventually(() => slack.posted[0]);
    expect([channel, text]).toEqual(['#security-alerts', expect.stringContaining('1 critical on main of demo')]);
    expect(JSON.stringify(slack.posted)).not.toContain(TOKEN);
    expect(await engine.forgeGit('branch', '--list', 'security-fixes-*')).toBe('');
  }, LONG_MS);

  it.each([['scan'], ['assess'], ['alert'], ['fix-branch', 'approve-fix'], ['fix', 'approve-fix']])(
    'ends at %s where that fails',
    async (step, from = step) => {
      await failAt(engine, { of: rejected, from, step, approver: 'sven' });
    },
    LONG_MS,
  );

  it('opens a pull request of the fix from its own branch once the security lead approves', async () => {
    const run = await engine.rerun(rejected, 'approve-fix');
    expect(await outcomeOf(engine, run, 'sven')).toMatchObject({ status: 'succeeded' });
    const { scanId } = (await engine.record.step(run.id, 'scan')).output as { scanId: string };
    const { output } = await engine.record.step(run.id, 'fix');
    expect(output).toMatchObject({
      prNumber: expect.any(Number) as number,
      branch: expect.stringMatching(`^security-fixes-${scanId}`) as string,
      filesModified: ['MENDED.md', 'src/config.js'],
    });
    const { branch } = output as { branch: string };
    expect(await engine.forgeGit('show', `${branch}:MENDED.md`)).toBe('critical src/config.js');
    const [pull] = await engine.record.inTx((tx) =>
      tx.selectFrom('pull_requests').select(['title', 'state']).execute(),
    );
    expect(pull).toEqual({ title: `fix: 1 critical by scan ${scanId}`, state: 'open' });
  }, LONG_MS);

  it('asks nobody where nothing was found', async () => {
    const run = (await pushed({ 'src/add.js': 'export const add = (a, b) => a + b;\n' }))!;
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.statuses(run.id)).toEqual({
      scan: 'succeeded',
      assess: 'succeeded',
      alert: 'skipped',
      'approve-fix': 'skipped',
      'fix-branch': 'skipped',
      fix: 'skipped',
    });
  }, LONG_MS);
});
