import { basename } from 'node:path';
import { sql } from 'kysely';
import { TOOLS_PATH } from '../../agents/coding/tools.js';
import type { Confinement } from '../../domain/execution.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { Command, Execute } from '../../sandbox/command.js';
import type { SandboxedPolicy } from '../../sandbox/policy.js';
import { attemptOf } from './attempt-record.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** An attempt runs a handful of programs; what runs more, one by one under limits of its own, is kept so far. */
const MAX_CONFINEMENTS = 50;

/** Keeps what the programs of an attempt are held to, as they are run: each once, at the attempt. */
export class Confinements {
  readonly #deps: ActivityDeps;
  readonly #of: Pick<AttemptRequest, 'ref' | 'attempt'>;
  readonly #seen = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: ActivityDeps, of: Pick<AttemptRequest, 'ref' | 'attempt'>) {
    this.#deps = deps;
    this.#of = of;
  }

  watching =
    (execute: Execute): Execute =>
    (command, policy) => {
      if (policy.kind === 'sandbox') this.#note(confinementOf(this.#deps.isolation, command, policy));
      return execute(command, policy);
    };

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #note(confinement: Confinement): void {
    const json = JSON.stringify(confinement);
    if (this.#seen.has(json) || this.#seen.size >= MAX_CONFINEMENTS) return;
    this.#seen.add(json);
    this.#writing = this.#writing.then(() => this.#write(json));
  }

  async #write(json: string): Promise<void> {
    try {
      await persist(this.#deps, this.#of.ref.run.organisationId, async (tx) => {
        await attemptOf(tx, this.#of)
          .set({ confinements: sql<string>`confinements || ${json}::jsonb` })
          // An execution before may have run the very same.
          .where(sql<boolean>`not confinements @> jsonb_build_array(${json}::jsonb)`)
          .where(sql<boolean>`jsonb_array_length(confinements) < ${MAX_CONFINEMENTS}`)
          .execute();
      });
    } catch (error) {
      this.#deps.log.error({ err: error, confinement: json }, 'what a program was held to could not be written');
    }
  }
}

const confinementOf = (
  isolation: Confinement['isolation'],
  { argv, timeoutMs }: Command,
  { workspace, network, limits }: SandboxedPolicy,
): Confinement => ({
  program: basename(argv[0] ?? ''),
  isolation,
  workspace: workspace.writable ? 'writable' : 'read-only',
  network: typeof network === 'string' ? network : network.allow,
  tools: typeof network !== 'string' && network.doors?.[TOOLS_PATH] !== undefined,
  ...limits,
  timeoutMs,
});
