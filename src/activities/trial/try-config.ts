import { closeTrial, loadTrial, savePhases } from '../../db/trials.js';
import type { BatonError } from '../../domain/errors.js';
import type { AskedGate, GateSpec } from '../../domain/gate.js';
import { keepable } from '../../domain/keepable.js';
import { stepOfTrial, type TrialPhase, type TrialRef } from '../../domain/trial.js';
import type { GateOutcome } from '../../gates/gate.js';
import { parseRepositoryConfig, type RepositoryConfig } from '../../schema/repository-config.js';
import type { ActivityDeps } from '../deps.js';
import { brief } from '../gate-record.js';
import { persist } from '../persist.js';
import { checkCommit, type CheckPhases } from '../run-gates.js';
import { checkOut } from '../workspace.js';

const MAX_TAIL = 2_000;

/** Runs set-up and gates of the default branch with the configuration of a trial, and keeps each phase as it ends. */
export const tryConfig =
  (deps: ActivityDeps) =>
  async (ref: TrialRef): Promise<void> => {
    const trial = await persist(deps, ref.organisationId, (tx) => loadTrial(tx, ref.trialId));
    if (trial.status !== 'pending' && trial.status !== 'running') return;
    const config = parseRepositoryConfig(trial.config);
    const checkout = await checkOut(deps, ref.organisationId, ref.repository.id);
    const phases = new Phases(deps, ref);
    await phases.save();
    await checkCommit(deps, {
      checkout,
      ref: stepOfTrial(ref),
      attempt: 1,
      commit: trial.commit,
      changed: false,
      gates: gatesOf(config),
      known: [],
      config,
      phases,
      record: async (outcome) => {
        await phases.gateEnds(outcome);
        return brief(outcome);
      },
    });
    await persist(deps, ref.organisationId, (tx) => closeTrial(tx, ref.trialId, 'done', null));
  };

/** Everything that there is a command for; of coverage, whether it is measured at all. */
const gatesOf = (config: RepositoryConfig): AskedGate[] => [
  { kind: 'repository' },
  ...(config.coverage ? [{ kind: 'coverage', minimumPercent: 0 } as const] : []),
];

function failedSetUp({ message, details }: BatonError): Partial<TrialPhase> {
  const text = (key: string): string | null => {
    const value = details[key];
    return typeof value === 'string' ? value : null;
  };
  return {
    status: 'fail',
    summary: text('reason') ?? 'the set-up failed',
    tail: keepable((text('lines') ?? message).slice(-MAX_TAIL)),
    mend: text('fix'),
  };
}

/** The phases of one trial; tried again after a crash, they begin anew. */
class Phases implements CheckPhases {
  readonly #deps: ActivityDeps;
  readonly #ref: TrialRef;
  readonly #phases: TrialPhase[] = [];
  #isReady = true;

  constructor(deps: ActivityDeps, ref: TrialRef) {
    this.#deps = deps;
    this.#ref = ref;
  }

  setUpBegins(command: string): Promise<void> {
    return this.#begin('setup', command);
  }

  setUpEnds(error: BatonError | null): Promise<void> {
    this.#isReady = error === null;
    return this.#end(
      error === null ? { status: 'pass', exitCode: 0, summary: 'the worktree is ready' } : failedSetUp(error),
    );
  }

  gateBegins(kind: GateSpec['kind']): Promise<void> {
    return this.#begin(kind, null);
  }

  gateEnds(outcome: GateOutcome): Promise<void> {
    const { verdict: status, summary, command, exitCode, tail } = outcome;
    const mend = outcome.verdict === 'inconclusive' ? outcome.mend : null;
    // The set-up has told why.
    if (!this.#isReady) return this.#end({ status, summary: 'not run, as the set-up failed' });
    return this.#end({ status, summary, command, exitCode, tail: keepable(tail), mend });
  }

  save(): Promise<void> {
    return persist(this.#deps, this.#ref.organisationId, (tx) => savePhases(tx, this.#ref.trialId, this.#phases));
  }

  #begin(name: TrialPhase['name'], command: string | null): Promise<void> {
    const startedAt = new Date().toISOString();
    const open = { status: 'running', durationMs: null, exitCode: null, summary: '', tail: '', mend: null } as const;
    this.#phases.push({ name, startedAt, command, ...open });
    return this.save();
  }

  #end(result: Partial<TrialPhase>): Promise<void> {
    const phase = this.#phases.pop()!;
    this.#phases.push({ ...phase, ...result, durationMs: Date.now() - Date.parse(phase.startedAt) });
    return this.save();
  }
}
