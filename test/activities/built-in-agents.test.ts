import { saveChannel } from '../../src/db/channels.js';
import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine } from '../support/engine.js';
import { commitTo } from '../support/forge-commit.js';

const LONG_MS = 120_000;

// Put together here, so that no scanner finds it in this file.
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7'].join('');
const found = { rule: 'r', severity: 'high', message: 'not checked', file: 'README.md', line: 1 };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: {
      'README.md': 'a demo\n',
      // What needs no worktree waits for none to be made ready.
      '.baton/repository.yaml': 'setup: { command: "exit 1" }\n',
      'web/a.js': 'export const run = (code) => eval(code);\n',
      'lib/b.js': `export const run = (code) => eval(code);\nexport const token = '${TOKEN}';\n`,
    },
    builtIn: ['security-scanner', 'notifier', 'report-generator', 'code-reviewer', 'security-assessor'],
    agents: [
      {
        name: 'riva',
        roles: ['reviewer'],
        can: ['review.code'],
        moves: [{ action: 'review.code', summary: 'Read it.', findings: [found] }],
      },
    ],
  });
  await engine.record.inTx(async (tx) => {
    const rest = { secretEnv: null, quietHours: null };
    const { organisationId } = engine.record;
    const mail = { host: '127.0.0.1', port: 1, encryption: 'none', from: 'a@example.org', to: ['b@example.org'] };
    await saveChannel(tx, organisationId, { name: 'team', kind: 'mail', settings: mail, ...rest });
    await saveChannel(tx, organisationId, {
      name: '#ops',
      kind: 'slack',
      settings: {},
      secretEnv: 'NO',
      quietHours: null,
    });
    await saveChannel(tx, organisationId, {
      name: 'hook',
      kind: 'webhook',
      settings: { url: 'http://127.0.0.1:1/' },
      ...rest,
    });
  });
});
afterAll(() => engine.stop());

/** The output of a step of a built-in agent, which must end well. */
async function act(agent: string, action: string, params: JsonObject): Promise<{ id: string; output: JsonObject }> {
  const step = JSON.stringify({ name: 'Act', agent, action, params, retry: 1 });
  const { id, result } = await engine.run(`name: act\nsteps:\n  - ${step}\n`);
  expect(result).toEqual({ status: 'succeeded', error: null });
  return { id, output: (await engine.record.step(id, 'act')).output as JsonObject };
}
const noticeOf = ({ output }: { readonly output: JsonObject }) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('notices')
      .select(['channel', 'title', 'text', 'event', 'urgent', 'data', 'attachments'])
      .where('id', '=', output['messageId'] as string)
      .executeTakeFirstOrThrow(),
  );

describe('security-scanner', () => {
  it(
    'scans a folder of the repository',
    async () => {
      const { output } = await act('security-scanner', 'scanRepository', { repositoryPath: './web', scans: ['sast'] });
      expect(output).toMatchObject({
        vulnerabilities: [{ severity: 'high', file: 'web/a.js', line: 1 }],
        summary: { high: 1, total: 1 },
        filesScanned: 1,
      });
    },
    LONG_MS,
  );

  it(
    'scans a file',
    async () => {
      const { output } = await act('security-scanner', 'scanFile', { file: 'lib/b.js' });
      const { vulnerabilities } = output as unknown as {
        vulnerabilities: readonly { severity: string; file: string }[];
      };
      expect(vulnerabilities.map(({ severity, file }) => `${severity} ${file}`)).toEqual([
        'critical lib/b.js',
        'high lib/b.js',
      ]);
    },
    LONG_MS,
  );

  it.each([
    ['scanFile', { file: 'gone.js' }, 'file-not-found'],
    ['scanRepository', { commit: 'gone' }, 'commit-not-found'],
    ['scanRepository', { scanType: 'SOMETIMES' }, 'input-invalid'],
  ])('fails at %s of %j', async (action, params, code) => {
    const step = JSON.stringify({ name: 'Act', agent: 'security-scanner', action, params });
    const { result } = await engine.run(`name: act\nsteps:\n  - ${step}\n`);
    expect(result.error).toMatchObject({ code, step: 'act' });
  });

  it(
    'closes no issue of what lies elsewhere than it looked',
    async () => {
      const scan = (params: string) => `
name: file
steps:
  - { name: Scan, agent: security-scanner, action: scanRepository, params: { scans: [sast]${params} } }
  - { name: Issues, action: github.createIssues, params: { findings: '{{ nodes.scan.output.findings }}' } }
`;
      const whole = await engine.run(scan(''));
      expect((await engine.record.step(whole.id, 'issues')).output).toEqual({ filed: 2, closed: 0, reopened: 0 });
      const part = await engine.run(scan(', repositoryPath: web'));
      expect((await engine.record.step(part.id, 'issues')).output).toEqual({ filed: 0, closed: 0, reopened: 0 });
    },
    LONG_MS,
  );
});

describe('notifier', () => {
  it('writes notices for channels, which bring them on', async () => {
    const alert = await act('notifier', 'sendSlackAlert', { channel: '#ops', title: 'Down', text: 'All of it.' });
    expect(alert.output).toMatchObject({
      channel: '#ops',
      sent: true,
      timestamp: expect.stringMatching(/Z$/) as string,
    });
    expect(await noticeOf(alert)).toMatchObject({ channel: '#ops', title: 'Down', text: 'All of it.', urgent: true });
    const message = await act('notifier', 'sendSlack', { channel: '#ops', message: 'Up.' });
    expect(await noticeOf(message)).toMatchObject({ text: 'Up.', urgent: false });
    const call = await act('notifier', 'sendWebhook', { event: 'it.happened', payload: { n: 1 } });
    expect(await noticeOf(call)).toMatchObject({ channel: 'hook', event: 'it.happened', data: { n: 1 } });
  });

  it('says of a channel that is not there that nothing was sent', async () => {
    const { output } = await act('notifier', 'sendSlack', { channel: '#nowhere' });
    expect(output).toMatchObject({ channel: '#nowhere', sent: false });
  });

  it('mails a report that the report generator wrote', async () => {
    const { id, result } = await engine.run(
      `
name: reported
steps:
  - { name: Report, agent: report-generator, action: createPDF, params: { title: It, findings: '{{ context.found }}' } }
  - { name: Mail, agent: notifier, action: sendEmail, params: { subject: 'It: {{ nodes.report.output.counts.total }}', attachments: ['{{ nodes.report.output.path }}'] } }
`,
      { context: { found: [found] } },
    );
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const { output } = await engine.record.step(id, 'report');
    const { path } = output as { path: string };
    expect(output).toMatchObject({ title: 'It', artifact: path, counts: { high: 1, total: 1 } });
    const mail = await noticeOf({ output: (await engine.record.step(id, 'mail')).output as JsonObject });
    expect(mail).toMatchObject({ channel: 'team', title: 'It: 1', attachments: [path] });
    expect(await engine.record.log(id, 'report', 'report.pdf')).toMatch(/^%PDF-/);
  });
});

describe('report-generator', () => {
  it('writes Markdown', async () => {
    const { id } = await act('report-generator', 'createMarkdown', { title: 'It', vulnerabilities: [found] });
    expect(await engine.record.log(id, 'act', 'report.md')).toContain('not checked');
  });
});

describe('code-reviewer', () => {
  it(
    'is whoever holds the role, and adds the score and the comments',
    async () => {
      // Who reviews works in the tree.
      commitTo(engine.repository.remoteUrl, 'main', { '.baton/repository.yaml': 'test: { command: "true" }\n' });
      const { id, output } = await act('code-reviewer', 'reviewPR', {});
      expect(output).toMatchObject({
        summary: 'Read it.',
        qualityScore: 80,
        comments: [{ file: 'README.md', line: 1, body: 'high: not checked' }],
      });
      const [handoff] = (await engine.record.events(id)).filter(({ type }) => type === 'handoff');
      expect(handoff!.briefing).toContain('handed to riva for code-reviewer');
    },
    LONG_MS,
  );
});
