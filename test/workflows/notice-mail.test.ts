import { appendArtifact, closeArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { saveChannel } from '../../src/db/channels.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { httpFake, type HttpFake } from '../support/http-fake.js';
import { attachmentOf, SMTP_PASSWORD, smtpFake } from '../support/smtp-fake.js';

let smtp: Awaited<ReturnType<typeof smtpFake>>;
let hook: HttpFake;
let engine: Engine;

beforeAll(async () => {
  smtp = await smtpFake();
  hook = await httpFake(() => ({ status: 200 }));
  engine = await startEngine({
    environment: { BATON_CHANNEL_MAIL: SMTP_PASSWORD, BATON_CHANNEL_HOOK: `whsec_${btoa('made-up-key')}` },
  });
  const { organisationId } = engine.record;
  const address = 'baton@example.org';
  const mail = { host: '127.0.0.1', port: smtp.port, encryption: 'none', user: 'baton', from: address, to: [address] };
  await engine.record.inTx(async (tx) => {
    const quietHours = null;
    await saveChannel(tx, organisationId, {
      name: 'team-mail',
      kind: 'mail',
      settings: mail,
      secretEnv: 'BATON_CHANNEL_MAIL',
      quietHours,
    });
    await saveChannel(tx, organisationId, {
      name: 'ci-hook',
      kind: 'webhook',
      settings: { url: `${hook.url}/hook` },
      secretEnv: 'BATON_CHANNEL_HOOK',
      quietHours,
    });
  });
});
afterAll(async () => {
  await engine.stop();
  await Promise.all([smtp.close(), hook.close()]);
});

const MAIL = `
name: mailed
steps:
  - name: Mail
    action: notify.email
    params: { subject: 'Score {{ context.score }}/100', message: '{{ context.summary }}', attach: '{{ context.report }}' }
`;

describe('notify.email', () => {
  it('mails an artifact by the only mail channel that there is', async () => {
    const { id: runId } = await engine.run('name: first\nsteps:\n  - { name: One, action: flow.noop }\n');
    const pdf = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const report = await engine.record.inTx(async (tx) => {
      const { id } = await openArtifact(tx, {
        organisationId: engine.record.organisationId,
        runId,
        step: 'report',
        item: null,
        attempt: null,
        kind: 'report',
        name: 'compliance.pdf',
        mediaType: 'application/pdf',
      });
      await appendArtifact(tx, id, pdf);
      await closeArtifact(tx, id);
      return id;
    });
    const run = await engine.run(MAIL, { context: { score: 92, summary: { critical: 1 }, report } });
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    await engine.dispatchNotices();
    const mail = await eventually(() => smtp.mails[0]);
    expect(mail.raw).toContain('Subject: Score 92/100');
    expect(mail.raw).toContain('"critical": 1');
    expect(attachmentOf(mail, 'application/pdf').equals(pdf)).toBe(true);
  });

  it('fails before anything is written where there is nothing to attach', async () => {
    const before = await engine.record.inTx((tx) => tx.selectFrom('notices').select('id').execute());
    for (const [report, code] of [
      ['/tmp/report.pdf', 'param-invalid'],
      [crypto.randomUUID(), 'artifact-not-found'],
    ] as const) {
      const run = await engine.run(MAIL, { context: { score: 1, summary: '', report } });
      expect(run.result).toMatchObject({ status: 'failed', error: { code } });
    }
    expect(await engine.record.inTx((tx) => tx.selectFrom('notices').select('id').execute())).toEqual(before);
  });
});

describe('notify.webhook', () => {
  it('calls with the event, what it is of, and data of the pipeline', async () => {
    const run = await engine.run(`
name: called
steps:
  - { name: Call, action: notify.webhook, params: { event: implementation.complete, data: { task: 7 } } }
`);
    expect(run.result).toMatchObject({ status: 'succeeded', error: null });
    await engine.dispatchNotices();
    const { body } = await eventually(() => hook.heard[0]);
    expect(JSON.parse(body)).toMatchObject({
      type: 'implementation.complete',
      data: { run: run.number, pipeline: 'called', repository: 'demo', task: 7 },
    });
  });
});
