import { saveChannel } from '../../src/db/channels.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { attachmentOf, SMTP_PASSWORD, smtpFake } from '../support/smtp-fake.js';
import { CALCULATOR, failAt, govern } from './template-fixture.js';

/** Several attempts with their gates, each in worktrees of its own. */
const LONG_MS = 300_000;

// Put together here, so that no scanner finds it in this file.
const KEY = ['-----BEGIN', ' PRIVATE KEY-----\n'].join('');
const FILES = {
  ...CALCULATOR,
  'deploy/server.key': KEY,
  'src/client.js': "import https from 'node:https';\nexport const agent = new https.Agent({ rejectUnauthorized: false });\n",
};

let engine: Engine;
let smtp: Awaited<ReturnType<typeof smtpFake>>;
beforeAll(async () => {
  smtp = await smtpFake();
  engine = await startEngine({
    files: FILES,
    environment: { BATON_CHANNEL_MAIL: SMTP_PASSWORD },
    people: { sven: ['security-lead'] },
    builtIn: ['compliance-checker', 'patcher'],
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        script: `
rmSync('deploy', { recursive: true });
write('src/client.js', 'export const agent = null;\\n');
write('MENDED.md', request.params.violations.map(({ rule, location }) => rule + ' ' + location + '\\n').join(''));
done({ output: { estimatedImpact: 'low' }, summary: 'Mends it.' });
`,
      },
    ],
  });
  const address = 'baton@example.org';
  const settings = { host: '127.0.0.1', port: smtp.port, encryption: 'none', user: 'baton', from: address, to: [address] };
  await engine.record.inTx((tx) =>
    saveChannel(tx, engine.record.organisationId, {
      name: 'compliance',
      kind: 'mail',
      settings,
      secretEnv: 'BATON_CHANNEL_MAIL',
      quietHours: null,
    }),
  );
});
afterEach(() => engine.unhook());
afterAll(async () => {
  await engine.stop();
  await smtp.close();
});

const start = { repository: null, approver: 'sven' } as const;

describe('compliance-check', () => {
  let rejected: string;

  it('mails the report with its score, and mends nothing where the security lead says no', async () => {
    const { id, result } = await govern(engine, 'compliance-check', { ...start, rejected: 'remediate-approval' });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'rejected', step: 'remediate-approval' } });
    rejected = id;
    const scanned = await engine.record.step(id, 'scan-compliance', 0);
    expect(scanned.output).toMatchObject({
      repository: 'demo',
      compliant: false,
      violations: expect.arrayContaining([
        expect.objectContaining({ rule: 'soc2-secret-files', reference: 'CC6.1', location: 'deploy/server.key' }),
        expect.objectContaining({ rule: 'hipaa-transmission', severity: 'ERROR', location: 'src/client.js:2' }),
      ]) as unknown,
    });
    const { output } = await engine.record.step(id, 'report');
    const { score } = output as { score: number };
    await engine.dispatchNotices();
    const mail = await eventually(() => smtp.mails[0]);
    expect(mail.raw).toContain(`Subject: Weekly Compliance Report - Score: ${score}/100`);
    expect(attachmentOf(mail, 'application/pdf').subarray(0, 5).toString()).toBe('%PDF-');
  }, LONG_MS);

  it.each([['repositories'], ['scan-compliance'], ['report'], ['mail'], ['remediate', 'remediate-approval']])(
    'ends at %s where that fails',
    async (step, from = step) => {
      await failAt(engine, { of: rejected, from, step, approver: 'sven' });
    },
    LONG_MS,
  );

  it('has it mended by who is a developer once the security lead approves, and opens a pull request', async () => {
    const { id, result } = await govern(engine, 'compliance-check', start);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const attempts = await engine.record.attempts(id, 'remediate');
    const agents = await engine.record.inTx((tx) => tx.selectFrom('agents').select(['id', 'name']).execute());
    expect(attempts.map(({ agent_id }) => agents.find(({ id: of }) => of === agent_id)!.name)).toEqual(['devon']);
    const { output } = await engine.record.step(id, 'remediate', 0);
    expect(output).toMatchObject({
      prNumber: 1,
      prUrl: '/api/repositories/demo/pull-requests?number=1',
      branch: expect.stringMatching(/^compliance-check\/run-/) as string,
      filesModified: ['MENDED.md', 'deploy/server.key', 'src/client.js'],
      estimatedImpact: 'low',
    });
    const pulls = await engine.record.inTx((tx) =>
      tx.selectFrom('pull_requests as p').leftJoin('reviews as r', 'r.pull_request_id', 'p.id').select(['p.number', 'p.title', 'p.state', 'r.author']).execute(),
    );
    // What a check says of the repository is no review of the change.
    expect(pulls).toEqual([{ number: 1, title: 'fix: what the compliance check found', state: 'open', author: null }]);
    const { branch } = output as { branch: string };
    expect(await engine.forgeGit('show', `${branch}:MENDED.md`)).toContain('soc2-secret-files deploy/server.key\n');
  }, LONG_MS);

  it('is somebody else to do where nobody is a developer', async () => {
    await engine.record.inTx((tx) => tx.updateTable('agents').set({ status: 'offline' }).where('name', '=', 'devon').execute());
    const run = await engine.rerun(rejected, 'remediate-approval');
    await engine.asked(run, 'remediate-approval');
    await engine.decide(run, 'remediate-approval', 'sven');
    expect(await engine.finished(run)).toMatchObject({
      status: 'failed',
      error: {
        code: 'no-agent',
        message: expect.stringMatching(/devon is offline, so no agent is free: .* role developer .*patcher hands its w/) as string,
      },
    });
  });
});
