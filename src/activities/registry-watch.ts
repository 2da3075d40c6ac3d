import type { Notice } from '../sandbox/command.js';
import { checkRegistry } from '../sandbox/network-settings/check-registry.js';
import { registriesOf } from '../sandbox/network-settings/registries.js';
import { readNetworkSettings } from '../sandbox/network-settings/read-settings.js';
import type { ActivityDeps } from './deps.js';
import { projectNpmrc } from './npm-configuration.js';
import type { RunLog } from './run-log.js';
import type { Checkout } from './workspace.js';

/**
 * Looks whether the registries that a command asks can be reached, beside the command. Package managers try for minutes
 * before they say so: what is found goes to the log at once, and the command ends when it falls silent.
 */
export class RegistryWatch {
  readonly #silent = new AbortController();
  readonly #fault: Promise<string | null>;
  #known: string | null = null;
  #isOver = false;

  constructor(deps: ActivityDeps, of: { checkout: Checkout; command: string; log: RunLog }) {
    this.#fault = findFault(deps, of).catch((error: unknown) => {
      // It is only a help: the command itself says what it could not do.
      deps.log.warn({ err: error }, 'the registries of a set-up could not be checked');
      return null;
    });
    void this.#fault.then((fault) => {
      this.#known = fault;
      if (fault !== null && !this.#isOver) of.log.line(`set-up: ${fault}`);
    });
  }

  /** Aborts when the command is silent although a registry cannot be reached. */
  get signal(): AbortSignal {
    return this.#silent.signal;
  }

  hear({ kind }: Notice): void {
    if (kind === 'silent' && this.#known !== null) this.#silent.abort();
  }

  /** The command has ended well: nothing is said any more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Why a registry cannot be reached; null: all can, or none is known. */
  fault(): Promise<string | null> {
    return this.#fault;
  }
}

async function findFault(
  { environment }: ActivityDeps,
  { checkout, command }: { checkout: Checkout; command: string },
): Promise<string | null> {
  const settings = readNetworkSettings(environment);
  const registries = registriesOf(command, { settings, projectNpmrc: await projectNpmrc(checkout) });
  const faults = await Promise.all(registries.map((registry) => checkRegistry(registry, settings)));
  return faults.find((fault) => fault !== null) ?? null;
}
