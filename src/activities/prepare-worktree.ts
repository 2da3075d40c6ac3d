import { tellFailure, tellReason, type CommandEnd } from '../domain/command-failure.js';
import { BatonError } from '../domain/errors.js';
import { PREVENTIVE_ENVIRONMENT } from '../domain/preventive-flags.js';
import { lastLines } from '../domain/output-lines.js';
import type { SetUpPurpose } from '../domain/set-up.js';
import type { StepRef } from '../domain/work.js';
import { branchHead } from '../git/clone.js';
import { mergeBase } from '../git/merge-base.js';
import { readFileAt } from '../git/read-file-at.js';
import { unknownFolders } from '../git/set-up-files.js';
import type { Worktree } from '../git/worktree.js';
import { clocksOf } from '../sandbox/clocks.js';
import { NOT_FOUND, tellMissingTool } from '../sandbox/toolchains/tell-missing-tool.js';
import type { SandboxedPolicy } from '../sandbox/policy.js';
import { proposeFor } from '../forge/repository-proposal.js';
import { parseRepositoryConfig, REPOSITORY_CONFIG_PATH, type RepositoryConfig } from '../schema/repository-config.js';
import { RedactedLines } from '../telemetry/redacted-lines.js';
import { recordHostNetwork } from './attempt/attempt-record.js';
import type { ActivityDeps } from './deps.js';
import { isKept, keepSetUp, setUpKey, takeOverCaches, takeOverSetUp, type SetUp } from './kept-set-up.js';
import { worktreePolicy } from './policies.js';
import { RegistryWatch } from './registry-watch.js';
import type { RunLog } from './run-log.js';
import { SetUpPhase } from './set-up-phase.js';
import { withWorktree, type Checkout } from './workspace.js';

const MAX_CONFIG_BYTES = 256 * 1024;

/**
 * How the repository says that it is made ready and checked. Read from the default branch, never from the change: an
 * agent cannot lower its own bar.
 */
export async function repositoryConfig(
  { clone, repository }: Checkout,
  log: Pick<RunLog, 'line'>,
): Promise<RepositoryConfig> {
  const base = (await branchHead(clone, repository.defaultBranch))!;
  const source = await readFileAt(clone, base, REPOSITORY_CONFIG_PATH, MAX_CONFIG_BYTES);
  if (source !== null) return parseRepositoryConfig(source);
  const { text, reasons, doubts } = await proposeFor(clone, base);
  log.line(`there is no ${REPOSITORY_CONFIG_PATH}: guessing from the files of ${repository.defaultBranch}`);
  for (const { part, says } of reasons) log.line(`${part}: ${says}`);
  for (const doubt of doubts) log.line(`not sure: ${doubt}`);
  const guessed = parseRepositoryConfig(text);
  // A guess that nobody has accepted gives no code the network.
  return guessed.setup ? { ...guessed, setup: { ...guessed.setup, network: false } } : guessed;
}

export interface Preparation {
  readonly purpose: SetUpPurpose;
  readonly ref: StepRef;
  readonly attempt: number;
  readonly checkout: Checkout;
  readonly worktree: Worktree;
  readonly commit: string;
  readonly config: RepositoryConfig;
  readonly policy: SandboxedPolicy;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

/**
 * Runs the repository's set-up command, or copies what it gave the last time for the same lock files. The host's
 * network is for content of the default branch only: what an agent wrote must not run where Baton's own servers answer.
 *
 * @returns patterns of the folders that the set-up made when it ran for others; null: there is no set-up.
 */
export async function prepareWorktree(deps: ActivityDeps, preparation: Preparation): Promise<readonly string[] | null> {
  const { purpose, ref, attempt, commit, config, signal, log } = preparation;
  const { setup } = config;
  if (!setup) return null;
  // A trial records its phases itself, in one log.
  if (ref.run.trial) {
    const phase = { begin: () => Promise.resolve(preparation.log) };
    return setUp(deps, { ...preparation, phase }, setup);
  }
  const of = { purpose, ref, attempt, commit, command: setup.command, signal, log };
  return SetUpPhase.during(deps, of, (phase) => setUp(deps, { ...preparation, phase }, setup));
}

interface SettingUp extends Preparation {
  readonly phase: Pick<SetUpPhase, 'begin'>;
}

async function setUp(deps: ActivityDeps, preparation: SettingUp, setup: SetUp): Promise<readonly string[]> {
  const { checkout, worktree, commit, policy, log } = preparation;
  const place = { worktree: worktree.path, home: policy.home };
  const key = await setUpKey(checkout, commit, setup);
  if (!isKept(deps, checkout, key)) {
    const landed = await landedBelow(checkout, commit);
    if (landed === commit) {
      await runSetUp(deps, preparation, setup, setup.network ? 'host' : 'none');
      const made = await unknownFolders(checkout.clone, worktree);
      await keepSetUp(deps, checkout, key, setup, { ...place, made });
      return [];
    }
    if (!setup.network || landed === null || (await setUpKey(checkout, landed, setup)) !== key) {
      await runSetUp(deps, preparation, setup, 'none');
      return [];
    }
    await setUpLanded(deps, preparation, setup, key, landed);
  }
  const made = await takeOverSetUp(deps, checkout, key, setup, place);
  log.line(`set-up: taken over from an earlier run with the same lock files`);
  return made;
}

/** The newest commit of the default branch that a commit stands on, itself where it has landed. */
async function landedBelow({ clone, repository }: Checkout, commit: string): Promise<string | null> {
  const head = await branchHead(clone, repository.defaultBranch);
  return head === null ? null : mergeBase(clone, commit, head);
}

/** Makes the set-up of a change whose lock files are as they landed where nothing of the change is. */
async function setUpLanded(
  deps: ActivityDeps,
  preparation: SettingUp,
  setup: SetUp,
  key: string,
  commit: string,
): Promise<void> {
  const { checkout, ref, log } = preparation;
  log.line(`set-up: made of ${commit.slice(0, 10)}, which has the same lock files and is on the default branch`);
  await withWorktree(
    deps,
    checkout,
    { ref, purpose: `setup-${commit.slice(0, 12)}`, commit },
    async (worktree, home) => {
      const policy = worktreePolicy(worktree, home, { writable: true, isolation: deps.isolation });
      await runSetUp(deps, { ...preparation, worktree, commit, policy }, setup, 'host');
      const made = await unknownFolders(checkout.clone, worktree);
      await keepSetUp(deps, checkout, key, setup, { worktree: worktree.path, home, made });
    },
  );
}

async function runSetUp(
  deps: ActivityDeps,
  { ref, attempt, checkout, worktree, policy, log, signal, phase }: SettingUp,
  setup: SetUp,
  network: 'none' | 'host',
): Promise<void> {
  await takeOverCaches(deps, checkout, { worktree: worktree.path, home: policy.home });
  if (network === 'host') await recordHostNetwork(deps, { ref, attempt });
  log.line(`set-up: ${setup.command} (network: ${network})`);
  const own = await phase.begin(network);
  const output = new RedactedLines(deps.redactor, (chunk) => own.write(chunk));
  const registries =
    network === 'host' ? new RegistryWatch(deps, { checkout, command: setup.command, log: own }) : null;
  const result = await deps.execute(
    {
      argv: ['/bin/sh', '-c', setup.command],
      env: { ...PREVENTIVE_ENVIRONMENT, npm_config_audit: 'false', npm_config_fund: 'false' },
      timeoutMs: setup.timeout,
      clocks: clocksOf(setup.timeout, setup.silence),
      signal: registries === null ? signal : AbortSignal.any([signal, registries.signal]),
      maxOutputBytes: 0,
      onOutput: (_stream, chunk) => output.push(chunk),
      onNotice: (notice) => {
        own.line(`set-up: it ${notice.what}`);
        registries?.hear(notice);
      },
    },
    { ...policy, network, workspace: { path: worktree.path, writable: true } },
  );
  await output.end();
  if (signal.aborted || (result.outcome === 'exited' && result.exitCode === 0)) registries?.stop();
  signal.throwIfAborted();
  if (result.outcome === 'exited' && result.exitCode === 0) return;
  const fault = (await registries?.fault()) ?? null;
  const end: CommandEnd = registries?.signal.aborted ? { ...result, outcome: 'hung' } : result;
  const cause = fault === null ? '' : ` cannot reach its registry: ${fault}.\nIt`;
  const missing = end.exitCode === NOT_FOUND ? tellMissingTool(end.tail) : null;
  // Without network a set-up cannot install the tool either, but that is not why this one failed.
  const offline = network === 'host' ? null : `It ran without network${whyOffline(setup, checkout)}.`;
  const fix = missing ?? offline;
  const hint = fix === null ? '' : `\n${fix}`;
  const failure = deps.redactor.text(`${cause} ${tellFailure(end)}`);
  throw new BatonError('setup-failed', `The set-up command \`${setup.command}\`${failure}${hint}`, {
    details: {
      reason: deps.redactor.text(fault ?? tellReason(end)),
      lines: deps.redactor.text(lastLines(end.tail)),
      fix,
    },
  });
}

const whyOffline = (setup: SetUp, { repository: { defaultBranch } }: Checkout): string =>
  setup.network
    ? `, which only what is on ${defaultBranch} is set up with, and the change has lock files of its own (${setup.lockFiles.join(', ')}): land their change on ${defaultBranch} first, then rerun`
    : `; ${REPOSITORY_CONFIG_PATH} can allow it with setup.network: true`;
