import { z } from 'zod';
import { changesBetween, describeUpdate, type DependencyUpdate } from '../../domain/dependency-update.js';
import { BatonError } from '../../domain/errors.js';
import { changelogOf, installFiles, updateFiles, writeFiles, type NpmFiles } from '../../gates/npm-updates.js';
import type { ScanContext } from '../../gates/scanners/scanner.js';
import { recordHostNetwork } from '../attempt/attempt-record.js';
import type { ActivityDeps } from '../deps.js';
import { isKept, keepSetUp, setUpKey } from '../kept-set-up.js';
import { npmConfiguration } from '../npm-configuration.js';
import { readNpmFiles } from '../npm-files.js';
import type { Service, ServiceCall } from './service.js';

const updates = z
  .array(
    z.object({
      name: z.string().regex(/^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i),
      from: z.string(),
      to: z
        .string()
        .regex(/^\d+\.\d+\.\d+[\w.+-]*$/)
        .nullable(),
      vulnerable: z.boolean().default(false),
    }),
  )
  .min(1);

/** What a pull request's text takes of it; a later step reads at most 8 KiB. */
const MAX_CHANGES_CHARACTERS = 5_000;
const MAX_PACKAGE_CHARACTERS = 1_500;
/** More are named, without what changed in them. */
const MAX_CHANGELOGS = 10;

/** Sets the packages to their new versions in package.json and the lock file; npm does it, and no script of a package runs. */
export const updateDependencies: Service = async (deps, call) => {
  const { request, params, checkout, commit, worktree } = call;
  const given = updates.safeParse(params['packages']);
  if (!given.success)
    throw new BatonError(
      'param-invalid',
      `The parameter packages of ${request.ref.name} is a list of updates as dependencies.outdated gives it.`,
    );
  const files = await readNpmFiles(checkout.clone, commit);
  if (files === null)
    throw new BatonError('lock-file-missing', `${checkout.repository.name} has no package-lock.json at its root.`);
  await recordHostNetwork(deps, request);
  const context: ScanContext = {
    execute: deps.execute,
    policy: call.policy,
    signal: call.signal,
    log: (chunk) => call.log(chunk.toString('utf8').trimEnd()),
    settings: deps.scanners,
    npm: await npmConfiguration(deps, checkout),
    network: true,
  };
  const changed = await updateFiles(context, files, given.data);
  await writeFiles(worktree.path, changed);
  await keepInstalled(deps, call, context, changed);
  return {
    summary: given.data.map(describeUpdate).join(', ').slice(0, 500),
    packages: given.data,
    changes: await tellChanges(context, given.data),
  };
};

/** Where the repository lets its set-up use the network the gates find what the new lock file names, made here by npm alone. */
async function keepInstalled(
  deps: ActivityDeps,
  { checkout, commit, config: { setup }, log }: ServiceCall,
  context: ScanContext,
  files: NpmFiles,
): Promise<void> {
  const isNpm = setup?.network === true && /^npm (?:ci|install)\b[^&|;]*$/.test(setup.command);
  if (!isNpm || !setup.lockFiles.includes('package-lock.json')) return;
  const key = await setUpKey(checkout, commit, setup, { 'package-lock.json': files.lock });
  if (isKept(deps, checkout, key)) return;
  const installed = await installFiles(context, files);
  if (installed === null) log('the packages cannot be installed for the gates: see above');
  else await keepSetUp(deps, checkout, key, setup, { worktree: installed });
}

/** What changed in each package, as its changelog says it, as Markdown. */
async function tellChanges(context: ScanContext, packages: readonly DependencyUpdate[]): Promise<string> {
  const told: string[] = [];
  for (const [index, update] of packages.entries()) {
    const { name, from, to } = update;
    const head = `### ${describeUpdate(update)}${update.vulnerable ? ' (vulnerable)' : ''}`;
    const log = to === null || index >= MAX_CHANGELOGS ? '' : await changelogOf(context, name, to);
    const changes = to === null ? '' : changesBetween(log, from, to);
    told.push(`${head}\n\n${cut(changes === '' ? 'It brings no changelog.' : quote(changes), MAX_PACKAGE_CHARACTERS)}`);
  }
  return cut(told.join('\n\n'), MAX_CHANGES_CHARACTERS);
}

/** Others wrote it: it stands apart from what Baton says. */
const quote = (text: string): string => text.replace(/^/gm, '> ');

const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
