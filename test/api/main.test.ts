import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { appendEvent, SYSTEM } from '../../src/db/events.js';
import { createNotice } from '../../src/db/notices.js';
import { eventually } from '../support/eventually.js';
import { temporalAddress } from '../support/temporal.js';
import { createRecord, type TestRecord } from './record.js';

let record: TestRecord;
beforeAll(async () => {
  record = await createRecord();
});
afterAll(() => record.close());

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The API as the platform starts it: a process that says where it listens. */
async function start(
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; url: string; lines: Record<string, unknown>[] }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', './test/support/typescript-imports.js', 'src/api/main.ts'],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        DATABASE_URL: record.url,
        TEMPORAL_ADDRESS: temporalAddress(),
        BATON_PORT: '0',
        BATON_DATA_DIR: '/nonexistent/baton',
        ...env,
      },
    },
  );
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  const ready = await eventually(() => lines.find(({ msg }) => msg === 'api ready'));
  return { child, url: `http://127.0.0.1:${String(ready['port'])}`, lines };
}

describe('the API as a process', () => {
  it('is ready, streams, and ends well on TERM with open streams', async () => {
    const { child, url, lines } = await start();
    const headers = { authorization: `Bearer ${record.people.reader.key}` };
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200);
    const stream = await fetch(`${url}/api/events`, { headers: { ...headers, accept: 'text/event-stream' } });
    const streamed: string[] = [];
    const read = (async () => {
      for await (const text of stream.body!.pipeThrough(new TextDecoderStream())) streamed.push(text);
      return streamed.join('');
    })();
    // It is open when it has said how to come back.
    await eventually(() => streamed.length > 0);
    await record.inTx((tx) =>
      appendEvent(tx, {
        organisationId: record.organisationId,
        projectId: null,
        key: 'one',
        type: 'step.started',
        actor: SYSTEM,
        briefing: 'said',
        payload: {},
      }),
    );
    await eventually(() => streamed.join('').includes('"briefing":"said"'));

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(await read).toMatch(/"briefing":"said".*\n\n$/);
    expect(lines.at(-1)).toMatchObject({ msg: 'api stopped' });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('starts at once what a worker has written to be started', async () => {
    const { child } = await start();
    const id = await record.inTx((tx) =>
      createNotice(tx, {
        organisationId: record.organisationId,
        key: 'one',
        channel: '#nowhere',
        event: 'test',
        runId: null,
        urgent: false,
        title: 'one',
        text: '',
        data: {},
      }),
    );
    // Sooner than the next look that nobody asks for.
    await eventually(() =>
      record.inTx(async (tx) => {
        const row = tx.selectFrom('notices').select('dispatched_at').where('id', '=', id).executeTakeFirstOrThrow();
        return (await row).dispatched_at;
      }),
    );
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  it('comes up while Temporal and the database are away, and says that it is not ready', async () => {
    const { child, url } = await start({ TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/x' });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] };
    expect(checks.map(({ ok }) => ok)).toEqual([false, false, false, false]);
    const refused = await fetch(`${url}/api/runs`, { headers: { authorization: 'Bearer x' } });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'database-unavailable']);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});

describe.each(['src/api/main.ts', 'src/workers/main.ts'])('%s in an environment that is not usable', (main) => {
  const run = async (env: Readonly<Record<string, string>>) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', './test/support/typescript-imports.js', main],
      { cwd: root, env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env } },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, lines: said.trimEnd().split('\n') };
  };

  it('says which variable is wrong in one sentence, and ends', async () => {
    const { code, lines } = await run({ BATON_PORT: 'http', DATABASE_URL: record.url });
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^The environment is not usable. BATON_PORT is "http": use a whole/)]);
  });

  it('says that it needs a database, and ends', async () => {
    const { code, lines } = await run({});
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringContaining('DATABASE_URL')]);
  });
});
