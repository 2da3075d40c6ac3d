import { PROXY_ADDRESS } from '../../sandbox/network/way-out.js';
import type { Door } from '../../sandbox/policy.js';
import type { AgentContext } from '../harness.js';
import type { McpServer } from './coding-program.js';

const NAME = 'baton';
/** The path of the sandbox's proxy that leads to them. */
export const TOOLS_PATH = '/mcp';
const VARIABLE = 'BATON_STEP_TOKEN';

interface Opened {
  readonly server: McpServer;
  /** Of the sandbox's proxy. */
  readonly doors: Readonly<Record<string, Door>>;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Baton's tools as a program inside finds them: at a door of its proxy, which adds the token outside, so that nothing in
 * the sandbox ever has it, and nothing else of the API can be reached. Without a sandbox it asks the API itself.
 *
 * @param onReported hears, in a sandbox, that the program has ended its attempt by a tool: it has nothing more to say.
 */
export async function openTools(
  { openTools: open, isolation, log }: AgentContext,
  onReported: () => void,
): Promise<Opened | null> {
  const tools = (await open?.()) ?? null;
  if (tools === null) return null;
  const { url, token, clean, hasReported } = tools;
  if (isolation === 'off') {
    const server = { name: NAME, url, token: { variable: VARIABLE } };
    return { server, doors: {}, env: { [VARIABLE]: token } };
  }
  const onAnswered = (): void =>
    void hasReported().then(
      (has) => has && onReported(),
      (error: unknown) => log(`whether it has submitted cannot be said: ${String(error)}`),
    );
  return {
    server: { name: NAME, url: `${PROXY_ADDRESS}${TOOLS_PATH}`, token: null },
    doors: { [TOOLS_PATH]: { url, headers: { authorization: `Bearer ${token}` }, onAsked: clean, onAnswered } },
    env: {},
  };
}
