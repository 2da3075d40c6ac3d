import type { JsonObject } from '../domain/json.js';
import { PROGRAM_MATRIX } from '../domain/program-matrix.js';
import { hostOf, ONE_SHOT_MIB, USUAL_SANDBOX } from '../domain/sandbox-settings.js';
import { acpEntry } from './acp-entry.js';
import { apiEntry, commandEntry, playbookEntry, scriptEntry, type SandboxEntry } from './agent-entry.js';
import { fitsAdapter, type Adapter } from './agent.js';
import { chatEntry } from './chat-entry.js';
import { codingEntry, type ProgramEntry } from './coding-entry.js';

/** What an agent's entry lets its programs do; how they are started, and what their keys are called, it does not say. */
export interface AgentPolicy {
  /** Null: no program of its own runs. */
  readonly sandbox: {
    readonly memoryMib: number;
    /** Null: what is free. */
    readonly cpus: number | null;
    readonly processes: number;
    readonly fileMib: number;
    readonly diskMib: number;
    /** Null: as long as its step has. */
    readonly timeoutMs: number | null;
  } | null;
  /** What it may reach, and nothing else. */
  readonly hosts: readonly string[];
  /** Who answers it, where that is known. */
  readonly provider: string | null;
  readonly model: string | null;
  /** What it asks people before it does it. */
  readonly askFor: readonly string[];
  /** Whether the repository's own settings for the program are heeded. */
  readonly trustRepository: boolean;
  /** What it is told at the beginning of an attempt, at most. */
  readonly contextTokens: number | null;
}

const NOTHING: AgentPolicy = {
  ...{ sandbox: null, hosts: [], provider: null, model: null },
  ...{ askFor: [], trustRepository: false, contextTokens: null },
};

/** The policy of an agent, with what holds where its entry says nothing; null: the entry is not such as its adapter takes. */
export const agentPolicyOf = (adapter: Adapter, entry: JsonObject): AgentPolicy | null =>
  fitsAdapter(adapter, entry) ? policyOf(adapter, entry) : null;

function policyOf(adapter: Adapter, entry: JsonObject): AgentPolicy {
  switch (adapter) {
    case 'command':
      return { ...NOTHING, sandbox: sandboxOf(commandEntry.parse(entry).sandbox) };
    case 'playbook':
      return { ...NOTHING, sandbox: sandboxOf(playbookEntry.parse(entry).sandbox, { memoryMib: ONE_SHOT_MIB }) };
    case 'script': {
      const { sandbox, memoryMib, timeoutMs } = scriptEntry.parse(entry);
      return { ...NOTHING, sandbox: sandboxOf(sandbox, { memoryMib, timeoutMs }) };
    }
    case 'api':
      return { ...NOTHING, hosts: [hostOf(apiEntry.parse(entry).host)] };
    case 'chat': {
      const { baseUrl, model, provider } = chatEntry.parse(entry);
      return { ...NOTHING, hosts: [hostOf(baseUrl)], provider: provider ?? new URL(baseUrl).host, model };
    }
    case 'acp': {
      const parsed = acpEntry.parse(entry);
      return ofProgram(parsed, { provider: parsed.provider ?? parsed.command, hosts: [] });
    }
    case 'rule':
    case 'action':
    case 'role':
      return NOTHING;
    default:
      return ofProgram(
        codingEntry.parse(entry),
        PROGRAM_MATRIX.find(({ name }) => name === adapter)!,
      );
  }
}

const ofProgram = (
  { baseUrl, hosts, model, askFor, trustRepository, contextTokens, sandbox }: ProgramEntry,
  program: { readonly provider: string; readonly hosts: readonly string[] },
): AgentPolicy => ({
  sandbox: sandboxOf(sandbox),
  hosts: [...(baseUrl === null ? program.hosts : [hostOf(baseUrl)]), ...hosts],
  provider: program.provider,
  model: model ?? null,
  askFor,
  trustRepository: trustRepository ?? false,
  contextTokens,
});

const sandboxOf = (said: SandboxEntry, usual: SandboxEntry = {}): NonNullable<AgentPolicy['sandbox']> => ({
  memoryMib: said.memoryMib ?? usual.memoryMib ?? USUAL_SANDBOX.memoryMib,
  cpus: said.cpus ?? null,
  processes: said.processes ?? USUAL_SANDBOX.processes,
  fileMib: said.fileMib ?? USUAL_SANDBOX.fileMib,
  diskMib: said.diskMib ?? USUAL_SANDBOX.diskMib,
  timeoutMs: leastOf(said.timeoutMs, usual.timeoutMs),
});

const leastOf = (...times: readonly (number | undefined)[]): number | null => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.min(...known);
};
