#!/usr/bin/env node
// Speaks the Agent Client Protocol, version 1, as its schema has it, and does what its argument says.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , does] = process.argv;
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const update = (sessionUpdate, more) =>
  send({ method: 'session/update', params: { sessionId: 'one', update: { sessionUpdate, ...more } } });

const ANSWERS = {
  initialize: () => ({
    result: {
      protocolVersion: 1,
      agentCapabilities: { loadSession: true, mcpCapabilities: { http: does !== 'without-tools' } },
      authMethods: [],
    },
  }),
  authenticate: () => ({ result: {} }),
  'session/new': () =>
    does === 'signed-out'
      ? { error: { code: -32000, message: 'Authentication required' } }
      : { result: { sessionId: 'one' } },
  'session/load': () => ({ error: { code: -32602, message: 'no such session' } }),
  'session/prompt': () => {
    switch (does) {
      case 'limited':
        return { error: { code: -32603, message: 'Internal error', data: '429: please try again in 30 seconds' } };
      case 'gone':
        return process.exit(3);
      case 'refusing':
        return { result: { stopReason: 'refusal' } };
      default:
        console.log('this is no JSON');
        update('something_new', { much: 'of it' });
        send({ method: '_vendor/news', params: {} });
        update('tool_call', {
          ...{ toolCallId: '1', title: 'Edit', kind: 'edit', status: 'completed' },
          ...{ locations: [{ path: '/workspace/a.txt' }], rawInput: { path: 'a.txt' } },
        });
        update('agent_thought_chunk', { content: { type: 'text', text: 'Hm.' } });
        for (const text of ['All', ' done.']) update('agent_message_chunk', { content: { type: 'text', text } });
        update('usage_update', { used: 10, size: 100, cost: { amount: 0.75, currency: 'USD' } });
        return { result: { stopReason: 'end_turn', usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } } };
    }
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync('asked.ndjson', `${line}\n`);
  const { id, method } = JSON.parse(line);
  const answer = ANSWERS[method];
  if (id !== undefined) send({ id, ...(answer?.() ?? { error: { code: -32601, message: `no ${method}` } }) });
});
// It does not end with its input.
globalThis.setInterval(() => undefined, 60_000);
