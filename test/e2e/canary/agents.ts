import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { agentPrograms } from '../../../scripts/setup/agent-programs.mjs';
import type { AdapterName } from '../../../src/agents/find-harness.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { markedSecret } from './forms.js';

export type AgentOfCanary = Exclude<AdapterName, WithoutSecrets>;
/** Their entries name no variable of the worker; of a program they run it is shown that it has none. */
type WithoutSecrets = 'playbook' | 'rule' | 'action';

/** The variable that holds each one's secret, as its entry names it. */
export const VARIABLES: Readonly<Record<AgentOfCanary, string>> = {
  acp: 'CANARY_ACP_KEY',
  aider: 'CANARY_AIDER_KEY',
  api: 'CANARY_API_TOKEN',
  chat: 'CANARY_CHAT_KEY',
  claude: 'ANTHROPIC_API_KEY',
  codex: 'CANARY_CODEX_KEY',
  copilot: 'CANARY_COPILOT_KEY',
  cursor: 'CURSOR_API_KEY',
  gemini: 'GEMINI_API_KEY',
  opencode: 'OPENCODE_API_KEY',
  command: 'CANARY_COMMAND_SECRET',
  script: 'CANARY_SCRIPT_SECRET',
};
export const NAMES = Object.keys(VARIABLES) as AgentOfCanary[];
export const SECRETS = Object.fromEntries(NAMES.map((name) => [name, markedSecret(name)])) as Record<
  AgentOfCanary,
  string
>;
export const ENVIRONMENT = Object.fromEntries(NAMES.map((name) => [VARIABLES[name], SECRETS[name]]));

/** Adapters whose programs run in the sandbox with their key. */
export const REAL = ['claude', 'codex', 'copilot', 'gemini', 'opencode'] as const;

/** A host that says in its answer, and in its refusal, with which key it was asked. */
export async function startEcho() {
  const server = createServer((request, response) => {
    const told = request.headers.authorization ?? '';
    response.writeHead(request.url === '/refuse' ? 401 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ told, error: `Incorrect API key provided: ${told}`, inAddress: encodeURIComponent(told) }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** Programs that cannot be had here: they say their key in the last line of what they print, as a result and as an error. */
const PLAYED = `#!/bin/sh
cat > /dev/null
node /workspace/leak.mjs
echo fine > played.txt
for key in "$CURSOR_API_KEY" "$OPENAI_API_KEY"; do
  [ -n "$key" ] || continue
  echo "litellm.AuthenticationError: AuthenticationError: Incorrect API key provided: $key"
  printf '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"My key is %s"}]}}\\n' "$key"
  printf '{"type":"result","subtype":"success","is_error":false,"result":"My key is %s"}\\n' "$key"
done
`;

/** The agents, by the adapters that they are named after. */
export function agentsOf(
  folder: string,
  modelUrl: string,
  echoUrl: string,
): Readonly<Record<AgentOfCanary, JsonObject>> {
  mkdirSync(folder, { recursive: true });
  const played = join(folder, 'played');
  writeFileSync(played, PLAYED);
  chmodSync(played, 0o755);
  const real = (name: (typeof REAL)[number], path = '/v1'): JsonObject => ({
    ...{ program: join(agentPrograms, 'node_modules', '.bin', name), model: 'test-model' },
    ...{ baseUrl: `${modelUrl}${path}`, keys: [VARIABLES[name]] },
  });
  const requests = Object.fromEntries(
    ['answer', 'refuse'].map((action) => [
      action,
      {
        method: 'POST',
        path: `/${action}`,
        secretHeaders: { authorization: { variable: VARIABLES.api, prefix: 'Bearer ' } },
      },
    ]),
  );
  const printing = {
    argv: ['sh', '-c', 'cat > /dev/null; node /workspace/leak.mjs >&2; env >&2; echo \'{"type":"result"}\''],
  };
  return {
    claude: real('claude', ''),
    codex: real('codex'),
    copilot: real('copilot'),
    gemini: real('gemini', ''),
    opencode: real('opencode'),
    cursor: { program: played, model: 'test-model', trustRepository: true },
    aider: {
      program: played,
      model: 'test-model',
      baseUrl: `${modelUrl}/v1`,
      keys: [VARIABLES.aider],
      trustRepository: true,
    },
    acp: {
      command: 'acp-agent.mjs',
      program: join(import.meta.dirname, '../../agents/contract/shipped/acp-agent.mjs'),
      ...{ args: ['leaks'], keys: [VARIABLES.acp], sessionPaths: ['.agent'] },
    },
    chat: { baseUrl: `${modelUrl}/v1`, model: 'test-model', key: VARIABLES.chat },
    api: { host: echoUrl, requests },
    command: printing,
    script: { argv: ['sh', '-c', 'cat > /dev/null; node /workspace/leak.mjs >&2; env >&2; echo "{}"'] },
  };
}
