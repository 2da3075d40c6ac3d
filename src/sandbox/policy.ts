import type { Limits } from './limits/limits.js';

/**
 * Where a command may reach. A required argument of every execution, so that nothing runs unsandboxed by accident:
 * who wants the host has to say why.
 */
export type SandboxPolicy =
  | {
      /** Baton's own programs (git, databases): the host, with a scrubbed environment. */
      readonly kind: 'host';
      readonly reason: string;
    }
  | {
      /** Everything that an agent or a repository brings along. */
      readonly kind: 'sandbox';
      readonly workspace: { readonly path: string; readonly writable: boolean };
      /** Host directory that becomes `/home/agent`; always writable. */
      readonly home: string;
      readonly network: Network;
      readonly limits: Limits;
      readonly readOnly?: readonly ReadOnlyBind[];
      /** Variables of every command that runs under it; a command's own count for more. */
      readonly environment?: Readonly<Record<string, string>>;
    };

/**
 * `none`: no address can be reached, loopback neither. An allow-list: only these, by a proxy of Baton's that every
 * connection goes through and is told by; and by its `doors`, which are paths of that proxy's own address. `host`:
 * whatever Baton itself can reach.
 */
export type Network =
  'none' | 'host' | { readonly allow: readonly AllowedHost[]; readonly doors?: Readonly<Record<string, Door>> };

/**
 * One address of the outside, reached at a path of the proxy: what is asked there is asked of it, with these headers, which
 * the sandbox never sees. Nothing else at that host can be asked for.
 */
export interface Door {
  readonly url: string;
  /** Exact paths below both addresses that may be asked for in place of the address itself, with any query. */
  readonly paths?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** What is asked, as it goes on from there; left out: as it is. */
  readonly onAsked?: (body: string) => string;
  /** Hears that something was asked and answered. */
  readonly onAnswered?: () => void;
}

/** Such as `api.example.com:443`, `*.example.com:443` or `127.0.0.1:8080`. */
export type AllowedHost = `${string}:${number}`;

/** A host path shown inside, unwritable; both absolute. */
export interface ReadOnlyBind {
  readonly source: string;
  readonly target: string;
}

export type SandboxedPolicy = Extract<SandboxPolicy, { kind: 'sandbox' }>;

/** Where the worktree and the home lie inside, the same on every host. */
export const WORKSPACE = '/workspace';
export const AGENT_HOME = '/home/agent';
