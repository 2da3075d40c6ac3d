import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNotice } from '../../src/db/notices.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
let scratch: string;
beforeAll(async () => {
  api = await serveApi({ dispatcher: { wake: () => undefined } });
  scratch = await mkdtemp(join(tmpdir(), 'baton-cli-notices-'));
});
afterAll(async () => {
  await api.close();
  await rm(scratch, { recursive: true, force: true });
});

const baton = (...args: string[]) => runCli(args, { BATON_URL: api.url, BATON_TOKEN: api.record.people.admin.key });

describe('baton channels', () => {
  it('adds, lists and removes', async () => {
    const file = join(scratch, 'channels.yaml');
    await writeFile(
      file,
      `- { name: '#security', kind: slack, secretEnv: BATON_CHANNEL_SLACK, quietHours: { from: '22:00', to: '07:00', timeZone: UTC } }
- { name: ci-hook, kind: webhook, settings: { url: 'https://ci.example.org/hook' }, secretEnv: BATON_CHANNEL_HOOK }
`,
    );
    expect(await baton('channels', 'add', file)).toMatchObject({
      code: 0,
      stdout: '#security is there\nci-hook is there\n',
    });
    const { stdout } = await baton('channels');
    expect(stdout).toMatch(/#security +slack +BATON_CHANNEL_SLACK +22:00-07:00 UTC/);
    expect(await baton('channels', 'remove', '#security')).toMatchObject({ code: 0 });
    expect(await baton('channels', 'remove', '#security')).toMatchObject({ code: 5 });
    await writeFile(file, '{ name: x, kind: pigeon }');
    expect(await baton('channels', 'add', file)).toMatchObject({ code: 1 });
  });
});

describe('baton notices', () => {
  it('shows the dead letters and why, and sends one again', async () => {
    const id = await api.record.inTx((tx) =>
      createNotice(tx, {
        organisationId: api.record.organisationId,
        key: 'one',
        channel: '#security',
        event: 'test',
        runId: null,
        urgent: false,
        title: 'The audit',
        text: '',
        data: {},
      }),
    );
    await api.record.inTx((tx) =>
      tx
        .updateTable('notices')
        .set({ status: 'failed', error: JSON.stringify({ code: 'channel-refused', message: 'Slack says no.' }) })
        .where('id', '=', id)
        .execute(),
    );
    const { stdout } = await baton('notices', '--failed');
    expect(stdout).toMatch(new RegExp(`${id} +#security +failed +The audit +Slack says no.`));
    expect(await baton('notices', 'resend', id)).toMatchObject({ code: 0, stdout: 'it goes to #security again\n' });
    expect(await baton('notices', '--failed')).toMatchObject({ stdout: 'no notices\n' });
  });
});

describe('baton agents resume', () => {
  it('lets a paused agent work again, and no other', async () => {
    const { organisationId, projectId } = api.record;
    await api.record.inTx((tx) =>
      tx
        .insertInto('agents')
        .values({
          organisation_id: organisationId,
          project_id: projectId,
          name: 'devon',
          type: 'custom',
          kind: 'SCRIPT',
          adapter: 'command',
          roles: [],
          entry: '{}',
          risk_level: 'AUTO',
          status: 'paused',
          owner_id: null,
        })
        .execute(),
    );
    expect(await baton('agents', 'resume', 'devon')).toMatchObject({ code: 0, stdout: 'devon gets new steps again\n' });
    expect((await api.get('/api/agents/devon')).body.status).toBe('idle');
    expect((await baton('agents', 'resume', 'devon')).stderr).toContain('The agent devon is not paused; it is idle.');
    expect(await baton('agents', 'resume', 'nobody')).toMatchObject({ code: 5 });
    const { body } = await api.get('/api/audit?action=agent.resume');
    expect(body.items.map(({ outcome }) => outcome)).toEqual(['failure', 'failure', 'success']);
  });
});
