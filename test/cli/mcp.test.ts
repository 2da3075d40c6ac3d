import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { endStepToken, readReport } from '../../src/db/step-tokens.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { beginStep } from '../api/step-at-work.js';
import { runCli } from './run-cli.js';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--import', './test/support/typescript-imports.js', 'src/cli/main.ts', 'mcp'],
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { HOME: '/nonexistent', BATON_API_URL: api.url, BATON_STEP_TOKEN: token },
    stderr: 'ignore',
  });
  await client.connect(transport);
  return client;
}

describe('baton mcp', () => {
  it('brings a program that speaks over stdio to the tools of its step', async () => {
    const { work, token } = await beginStep(api);
    const client = await connect(token);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('submit');
    const listed = client.callTool({ name: 'add_steps', arguments: { items: ['One'] } });
    expect(await listed).toMatchObject({ content: [{ text: '[0/1] Next: One' }] });
    await client.callTool({ name: 'submit', arguments: { summary: 'Done.' } });
    expect(await api.record.inTx((tx) => readReport(tx, work))).toMatchObject({ summary: 'Done.' });
    await client.close();
  });

  it('says so when the attempt has ended meanwhile', async () => {
    const { work, token } = await beginStep(api);
    const client = await connect(token);
    await api.record.inTx((tx) => endStepToken(tx, work));
    await expect(client.callTool({ name: 'submit', arguments: { summary: 'Late.' } })).rejects.toThrow(
      /good until its attempt ends/,
    );
    await client.close();
  });

  it('needs the token of a step, and to know where Baton is', async () => {
    expect(await runCli(['mcp'], { BATON_API_URL: api.url }, '')).toMatchObject({
      stderr: expect.stringContaining('Set BATON_STEP_TOKEN') as string,
    });
    expect(await runCli(['mcp'], { BATON_STEP_TOKEN: 'x' }, '')).toMatchObject({
      stderr: expect.stringContaining('Set BATON_API_URL') as string,
    });
  });
});
