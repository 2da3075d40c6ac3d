import type { ToolReport } from '../../domain/scan.js';
import type { Execute } from '../../sandbox/command.js';
import type { SandboxedPolicy } from '../../sandbox/policy.js';

/** What a scanner works on: a fresh checkout of one commit, in which nothing of the repository was run. */
export interface ScanContext {
  readonly execute: Execute;
  /** The checkout is its workspace, without network. */
  readonly policy: SandboxedPolicy;
  readonly signal: AbortSignal;
  readonly log: (chunk: Buffer) => Promise<void> | void;
  readonly settings: ScannerSettings;
  readonly npm: NpmConfiguration;
  /** Whether the step allows the host's network. */
  readonly network: boolean;
}

/** What the worker's environment says of scanners. */
export interface ScannerSettings {
  /** Where the set-up puts programs. */
  readonly cacheDirectory: string;
  /** Where databases of osv-scanner are downloaded from. */
  readonly osvDatabaseUrl: string;
}

/** Which registries npm asks for the packages of a repository. */
export interface NpmConfiguration {
  /** May hold a login. */
  readonly registry: string;
  /** Registries of scopes, as lines of an npmrc. Tokens in it are names of variables. */
  readonly npmrc: string;
}

/** One tool, run over the whole checkout. */
export type Scanner = (context: ScanContext) => Promise<ToolReport>;
