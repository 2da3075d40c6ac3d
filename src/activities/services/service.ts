import type { Json, JsonObject } from '../../domain/json.js';
import type { ActionRequest, AttemptRequest } from '../../domain/work.js';
import type { Worktree } from '../../git/worktree.js';
import type { SandboxedPolicy } from '../../sandbox/policy.js';
import type { RepositoryConfig } from '../../schema/repository-config.js';
import type { ActivityDeps } from '../deps.js';
import type { Checkout } from '../workspace.js';

/** What an agent's attempt asks Baton to do for it. */
export interface ServiceCall {
  readonly request: AttemptRequest;
  readonly params: JsonObject;
  readonly checkout: Checkout;
  /** What the attempt stands on. */
  readonly commit: string;
  readonly worktree: Worktree;
  readonly policy: SandboxedPolicy;
  readonly config: RepositoryConfig;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What a service that needs no repository takes of it: notices and reports. */
export interface PlainCall {
  readonly request: Pick<ActionRequest, 'ref' | 'repository'>;
  readonly params: JsonObject;
}

/** Done twice for one step it has the effect of once. */
export type PlainService = (deps: ActivityDeps, call: PlainCall) => Promise<JsonObject>;

/** Done twice for one attempt it has the effect of once. */
export type Service = (deps: ActivityDeps, call: ServiceCall) => Promise<JsonObject>;

/** The call as a step of Baton's own would make it, its parameters by the names that those have. */
export function asAction(
  action: string,
  { request: { ref, repository }, params }: PlainCall,
  names: Readonly<Record<string, string>>,
): ActionRequest {
  const own: Record<string, Json> = {};
  for (const [name, value] of Object.entries(params)) own[names[name] ?? name] = value;
  return { ref, action, params: own, repository, branch: null, branchSuffix: '', approvals: [], reads: [] };
}
