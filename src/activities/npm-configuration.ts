import type { NpmConfiguration } from '../gates/scanners/scanner.js';
import { branchHead } from '../git/clone.js';
import { readFileAt } from '../git/read-file-at.js';
import { registryLines } from '../sandbox/network-settings/npmrc.js';
import { readNetworkSettings } from '../sandbox/network-settings/read-settings.js';
import { npmRegistry } from '../sandbox/network-settings/registries.js';
import type { ActivityDeps } from './deps.js';
import type { Checkout } from './workspace.js';

const MAX_NPMRC_BYTES = 64 * 1024;

/** The `.npmrc` of the default branch, never of the change; null: there is none. */
export async function projectNpmrc({ clone, repository }: Checkout): Promise<string | null> {
  const head = await branchHead(clone, repository.defaultBranch);
  return head === null ? null : readFileAt(clone, head, '.npmrc', MAX_NPMRC_BYTES);
}

/** The registries that npm asks for the packages of a repository, as npm itself would choose them. */
export async function npmConfiguration(
  { environment }: Pick<ActivityDeps, 'environment'>,
  checkout: Checkout,
): Promise<NpmConfiguration> {
  const npmrc = await projectNpmrc(checkout);
  const settings = readNetworkSettings(environment);
  return { registry: npmRegistry({ settings, projectNpmrc: npmrc }), npmrc: registryLines(npmrc ?? '') };
}
