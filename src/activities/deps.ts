import type { Db } from '../db/connection.js';
import type { Forge } from '../forge/forge.js';
import type { ScannerSettings } from '../gates/scanners/scanner.js';
import type { Execute } from '../sandbox/command.js';
import type { Isolation } from '../sandbox/execute.js';
import type { Logger } from '../telemetry/logger.js';
import type { Redactor } from '../telemetry/redact.js';

/** What activities stand on. One worker process has one `hostDirectory` to itself: clones, worktrees, caches. */
export interface ActivityDeps {
  readonly db: Db;
  readonly forge: Forge;
  readonly execute: Execute;
  readonly isolation: Isolation;
  readonly hostDirectory: string;
  /** Name of this worker among those that share the database. */
  readonly host: string;
  readonly scanners: ScannerSettings;
  /** Where this worker reaches the API; null: agents get none of Baton's tools. */
  readonly apiUrl: string | null;
  /** How long the audit trail is kept; null: for ever. */
  readonly auditRetentionDays: number | null;
  readonly log: Logger;
  /** Counts the tokens that an agent is told, and how many parts found no room. */
  readonly onTold?: (tokens: number, leftOut: number) => void;
  /** Knows the secrets of the worker's environment by value: for all that agents and their programs say. */
  readonly redactor: Redactor;
  /** Where the built-in paths and texts are. */
  readonly templatesDirectory: string;
  /** Where secrets of channels are read from, by the names that channels give. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
