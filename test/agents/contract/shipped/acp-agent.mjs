#!/usr/bin/env node
// Speaks the Agent Client Protocol, version 1, as its schema has it, and does what its argument says.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , does] = process.argv;
const home = process.env.HOME;
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const update = (sessionUpdate, more) =>
  send({ method: 'session/update', params: { sessionId: 'one', update: { sessionUpdate, ...more } } });
const says = (...texts) => {
  for (const text of texts) update('agent_message_chunk', { content: { type: 'text', text } });
};
const block = (value) => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

const END = { result: { stopReason: 'end_turn', usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } } };
const DOUBLED = { summary: 'Doubled.', output: { doubled: 42 }, findings: [] };
const QUESTION = {
  type: 'question',
  text: 'Which?',
  options: [
    { name: 'A', says: 'This.' },
    { name: 'B', says: 'That.' },
  ],
  recommended: 'B',
};
let servers = [];
let answered;

/** What it is told about the one thing that it wants to do. */
const permission = () =>
  new Promise((resolve) => {
    answered = resolve;
    const toolCall = { toolCallId: 'c1', kind: 'execute', title: 'echo', rawInput: { command: 'echo allowed' } };
    const options = ['allow_once', 'reject_once'].map((kind) => ({ optionId: kind, kind, name: kind }));
    send({ id: 'p1', method: 'session/request_permission', params: { sessionId: 'one', toolCall, options } });
  });

/** Asks a server of tools that it was told of. */
const callTool = (url) =>
  globalThis.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_briefing', arguments: {} },
    }),
  });

const PROMPTS = {
  doubles: () => {
    update('usage_update', { used: 10, size: 100, cost: { amount: 0.75, currency: 'USD' } });
    says(block(DOUBLED));
    return END;
  },
  asks: () => {
    says(block(QUESTION));
    return END;
  },
  endless: () => {
    update('tool_call', { toolCallId: '1', title: 'sleep', kind: 'execute', rawInput: { command: 'sleep 600' } });
    return new Promise(() => undefined);
  },
  careful: async () => {
    const { outcome } = await permission();
    // Where it is denied it ends its turn as if all were done, as OpenCode does.
    if (outcome.optionId === 'allow_once') says('Done.');
    return END;
  },
  runs: () => {
    spawnSync('sh', ['-c', process.env.SCRIPT]);
    says('Done.');
    return END;
  },
  'without-tools': () => {
    says('Done.');
    return END;
  },
  tools: async () => {
    const { status } = await callTool(servers[0].url);
    says(`It answered ${status}.`);
    return END;
  },
  // What its commands print, and in its own words, each message cut in the middle of it.
  leaks: () => {
    const { stdout, stderr } = spawnSync('node', ['leak.mjs'], { encoding: 'utf8' });
    process.stderr.write(stderr);
    const key = process.env.CANARY_ACP_KEY;
    const call = { toolCallId: '1', title: `echo ${key}`, kind: 'execute', rawInput: { command: `echo ${key}` } };
    const content = [{ type: 'content', content: { type: 'text', text: stdout } }];
    update('tool_call', { ...call, status: 'completed', rawOutput: { output: stdout }, content });
    update('agent_thought_chunk', { content: { type: 'text', text: `It is ${key}.` } });
    writeFileSync('acp.txt', 'fine');
    says(`My key is ${key.slice(0, 9)}`, `${key.slice(9)}.`);
    return END;
  },
  limited: () => ({ error: { code: -32603, message: 'Internal error', data: '429: please try again in 30 seconds' } }),
  broken: () => ({ error: { code: -32603, message: 'Internal error', data: 'something broke' } }),
  shapeless: () => {
    says(block({ verdict: 'good' }));
    return END;
  },
  gone: () => process.exit(3),
  refusing: () => ({ result: { stopReason: 'refusal' } }),
  well: () => {
    console.log('this is no JSON');
    update('of-tomorrow', { much: 'of it' });
    send({ method: '_vendor/news', params: {} });
    update('tool_call', {
      ...{ toolCallId: '1', title: 'Edit', kind: 'edit', status: 'completed' },
      ...{ locations: [{ path: '/workspace/a.txt' }], rawInput: { path: 'a.txt' } },
    });
    update('agent_thought_chunk', { content: { type: 'text', text: 'Hm.' } });
    says('All', ' done.');
    update('usage_update', { used: 10, size: 100, cost: { amount: 0.75, currency: 'USD' } });
    return END;
  },
};

const ANSWERS = {
  initialize: () => ({
    result: {
      protocolVersion: 1,
      agentCapabilities: { loadSession: true, mcpCapabilities: { http: does !== 'without-tools' } },
      authMethods: [],
    },
  }),
  authenticate: () => ({ result: {} }),
  'session/new': ({ mcpServers }) => {
    if (does === 'signed-out') return { error: { code: -32000, message: 'Authentication required' } };
    servers = mcpServers;
    mkdirSync(`${home}/.agent`, { recursive: true });
    writeFileSync(`${home}/.agent/one`, 'its conversation');
    return { result: { sessionId: 'one' } };
  },
  'session/load': ({ sessionId }) =>
    existsSync(`${home}/.agent/${sessionId}`)
      ? { result: {} }
      : { error: { code: -32602, message: 'no such session' } },
  'session/prompt': () => PROMPTS[does](),
};

const input = createInterface({ input: process.stdin }).on('line', async (line) => {
  appendFileSync(`${home}/asked.ndjson`, `${line}\n`);
  const { id, method, params, result } = JSON.parse(line);
  if (id === 'p1') return answered(result);
  const answer = ANSWERS[method];
  if (id !== undefined)
    send({ id, ...((await answer?.(params)) ?? { error: { code: -32601, message: `no ${method}` } }) });
});
// Not every program ends with its input.
if (does === 'well') globalThis.setInterval(() => undefined, 60_000);
else input.on('close', () => process.exit(0));
