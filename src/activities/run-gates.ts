import { transitionTask } from '../db/tasks.js';
import { isScan, type AskedGate, type GateResult, type GateSpec } from '../domain/gate.js';
import { BatonError } from '../domain/errors.js';
import { keepable } from '../domain/keepable.js';
import type { LineCoverage } from '../domain/patch-coverage.js';
import type { StepSandbox } from '../domain/sandbox-settings.js';
import type { GateRequest, StepRef } from '../domain/work.js';
import { branchHead, parentOf } from '../git/clone.js';
import { changedFiles } from '../git/diff.js';
import { exclusively } from '../git/keyed-mutex.js';
import { mergeBase } from '../git/merge-base.js';
import type { GateOutcome } from '../gates/gate.js';
import { checksOf } from '../gates/repository-gates.js';
import { runGate } from '../gates/run-gate.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import { changedDefinitions } from './changed-definitions.js';
import { cancellation } from './cancellation.js';
import type { ActivityDeps } from './deps.js';
import { brief, publishCheck, recordedResults, recordResult, recordTestResults } from './gate-record.js';
import { persist } from './persist.js';
import { worktreePolicy } from './policies.js';
import { prepareWorktree, repositoryConfig } from './prepare-worktree.js';
import { Refusals } from './refusals.js';
import { RunLog } from './run-log.js';
import { scanCommit } from './scan-commit.js';
import { checkOut, requireCommit, withWorktree, worktreeName, type Checkout } from './workspace.js';

/** Runs the gates of a step on a commit, in a fresh worktree of it. What was decided before a crash is not run again. */
export const runGates =
  (deps: ActivityDeps) =>
  (request: GateRequest): Promise<readonly GateResult[]> => {
    // Begun again while this process still has the execution before, it takes over what that one found.
    const { ref, attempt, commit } = request;
    const key = `gates/${worktreeName(ref, `${attempt}`)}/${commit}`;
    return exclusively(key, () => runOpenGates(deps, request), cancellation());
  };

async function runOpenGates(deps: ActivityDeps, request: GateRequest): Promise<readonly GateResult[]> {
  const { ref, attempt } = request;
  await persist(deps, ref.run.organisationId, (tx) => transitionTask(tx, ref.run, 'testing', `${ref.step}/${attempt}`));
  return judgeCommit(deps, request);
}

/** The results of gates on a commit; those that are in the record already are not made again. */
export async function judgeCommit(deps: ActivityDeps, request: GateRequest): Promise<readonly GateResult[]> {
  const { ref, attempt, repository, commit, changed, gates } = request;
  const recorded = await recordedResults(deps, request);
  const known = request.again === undefined ? recorded : recorded.filter(({ verdict }) => verdict !== 'inconclusive');
  const open = gates.filter(({ kind }) => !known.some((result) => result.gate === kind));
  // Whoever recorded them may have crashed before the forge knew.
  for (const result of known) await publishCheck(deps, request, result);
  if (open.length === 0) return known;
  const checkout = await checkOut(deps, ref.run.organisationId, repository.id);
  await requireCommit(checkout, ref, commit);
  const fresh = await checkCommit(deps, {
    checkout,
    ref,
    attempt,
    commit,
    changed,
    gates: open,
    sandbox: request.sandbox,
    known: known.map(({ gate }) => gate),
    record: async (outcome) => {
      const result = await recordTestResults(deps, request, checkout, outcome);
      await recordResult(deps, request, result);
      await publishCheck(deps, request, result);
      return result;
    },
  });
  return [...known, ...fresh];
}

interface CommitCheck {
  readonly checkout: Checkout;
  readonly ref: StepRef;
  readonly attempt: number;
  readonly commit: string;
  readonly changed: boolean;
  readonly gates: readonly AskedGate[];
  /** What the step says of its sandbox; left out: nothing. */
  readonly sandbox?: StepSandbox | undefined;
  /** Checks that are made already. */
  readonly known: readonly GateSpec['kind'][];
  /** Tried in the place of the repository's own. */
  readonly config?: RepositoryConfig;
  /** Told of the set-up and of each gate as it begins. */
  readonly phases?: CheckPhases;
  /** Keeps what a gate said, and gives what is to be told of it. */
  readonly record: (outcome: GateOutcome) => Promise<GateResult>;
}

export interface CheckPhases {
  setUpBegins(command: string): Promise<void>;
  /** `error`: why the worktree could not be made ready. */
  setUpEnds(error: BatonError | null): Promise<void>;
  gateBegins(kind: GateSpec['kind']): Promise<void>;
}

/** Runs gates on a commit of this host's clone, one after the other. */
export async function checkCommit(own: ActivityDeps, check: CommitCheck): Promise<GateResult[]> {
  const { checkout, ref, attempt, commit, record } = check;
  const signal = cancellation();
  const purpose = `gates-${commit.slice(0, 12)}`;
  const log = await RunLog.open(own, ref, attempt, `${purpose}.log`);
  const refusals = new Refusals(own, check, log);
  const deps = { ...own, execute: refusals.watching(own.execute) };
  try {
    return await withWorktree(deps, checkout, { ref, purpose, commit }, async (worktree, home) => {
      const config = check.config ?? (await repositoryConfig(checkout, log));
      const gates = checksOf(check.gates, config).filter(({ kind }) => !check.known.includes(kind));
      const policy = worktreePolicy(worktree, home, {
        writable: true,
        sandbox: check.sandbox,
        isolation: deps.isolation,
      });
      const prepare = async (): Promise<BatonError | null> => {
        // Scans have a checkout of their own, in which nothing runs.
        if (gates.every(isScan)) return null;
        try {
          await prepareWorktree(deps, {
            purpose: 'gates',
            ref,
            attempt,
            checkout,
            worktree,
            commit,
            config,
            policy,
            log,
            signal,
          });
          return null;
        } catch (error) {
          if (error instanceof BatonError && error.code === 'setup-failed') return error;
          throw error;
        }
      };
      if (config.setup) await check.phases?.setUpBegins(config.setup.command);
      const unready = await prepare();
      if (config.setup) await check.phases?.setUpEnds(unready);
      const definitions = await changedDefinitions(checkout, commit);
      const base = check.changed ? await parentOf(checkout.clone, commit) : commit;
      const change = await changedFiles(checkout.clone, base, commit);
      const results: GateResult[] = [];
      for (const spec of gates) {
        await check.phases?.gateBegins(spec.kind);
        log.line(`gate ${spec.kind} on ${commit.slice(0, 10)}`);
        const run = (): GateOutcome | Promise<GateOutcome> => {
          if (isScan(spec)) return scanCommit(deps, { checkout, ref, commit, spec, log });
          if (unready) return unprepared(spec, commit, unready);
          const { execute } = deps;
          return runGate(spec, {
            execute,
            policy,
            config,
            commit,
            change,
            testBase: () => testBase(deps, check, base),
            coverageBase: () => coverageBase(deps, check),
            definitions,
            signal,
            log: (chunk) => log.write(chunk),
            onRefused: (what) => refusals.note({ kind: 'result', what }),
          });
        };
        const result = await run();
        signal.throwIfAborted();
        log.line(`gate ${spec.kind}: ${result.verdict}, ${result.summary}`);
        results.push(brief(await record({ ...result, logArtifact: log.id })));
      }
      return results;
    });
  } finally {
    await refusals.settled();
    await log.close();
  }
}

/** The repository's tests on what a change stands on; of the change itself that is no result. */
async function testBase(deps: ActivityDeps, check: CommitCheck, base: string): Promise<GateOutcome> {
  const gates: GateSpec[] = [{ kind: 'tests' }];
  const [result] = await checkCommit(deps, {
    ...check,
    commit: base,
    changed: false,
    gates,
    known: [],
    record: (outcome) => Promise.resolve(outcome),
  });
  return result!;
}

/** Measured on the commit of the default branch that the change stands on. */
async function coverageBase(deps: ActivityDeps, check: CommitCheck): Promise<LineCoverage | null> {
  const { clone, repository } = check.checkout;
  const head = await branchHead(clone, repository.defaultBranch);
  const base = head && (await mergeBase(clone, head, check.commit));
  if (base === null || base === check.commit) return null;
  let lines: LineCoverage | null = null;
  await checkCommit(deps, {
    ...check,
    commit: base,
    changed: false,
    gates: [{ kind: 'coverage', minimumPercent: 0 }],
    known: [],
    record: (outcome) => {
      lines = outcome.lines ?? null;
      return Promise.resolve(outcome);
    },
  });
  return lines;
}

const unprepared = ({ kind }: GateSpec, commit: string, error: BatonError): GateResult => ({
  gate: kind,
  commit,
  summary: 'the worktree could not be made ready',
  command: null,
  exitCode: null,
  tail: keepable(error.message.slice(-2_000)),
  logArtifact: null,
  findings: [],
  durationMs: 0,
  verdict: 'inconclusive',
  mend: error.message,
});
