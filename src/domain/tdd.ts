import { HUNG, type GateSpec } from './gate.js';

/** The phases of a TDD hand-off (R4.4), in their order; after the last it is complete. */
export const TDD_PHASES = ['red', 'green', 'refactor', 'integration-red', 'integration-green', 'verify'] as const;
export type TddPhase = (typeof TDD_PHASES)[number];

export type HandoffPlace = 'tester' | 'developer';

/** What a phase asks of whom, and by what it is proved. */
export interface PhaseWork {
  readonly name: string;
  readonly by: HandoffPlace;
  readonly action: string;
  readonly gates: readonly GateSpec[];
  /** Whether leaving everything as it is can be right. */
  readonly optional: boolean;
  /** What the agent is told that the phase is for. */
  readonly asks: string;
}

const RED: readonly GateSpec[] = [{ kind: 'red' }];
const GREEN: readonly GateSpec[] = [{ kind: 'tests' }];

const WORK: Readonly<Record<TddPhase, PhaseWork>> = {
  red: {
    name: 'Red',
    by: 'tester',
    action: 'code.writeTests',
    gates: RED,
    optional: false,
    asks: 'Write unit tests of what is asked for, in files of their own. They must fail now, and nothing else may.',
  },
  green: {
    name: 'Green',
    by: 'developer',
    action: 'code.implement',
    gates: GREEN,
    optional: false,
    asks: 'Make the tests pass, the new ones and the old ones. Leave the tests as they are.',
  },
  refactor: {
    name: 'Refactor',
    by: 'developer',
    action: 'code.refactor',
    gates: GREEN,
    optional: true,
    asks: 'Improve the code without changing what it does. Leave the tests as they are; leave the code, too, where it is good.',
  },
  'integration-red': {
    name: 'Integration Red',
    by: 'tester',
    action: 'code.writeTests',
    gates: RED,
    optional: false,
    asks: 'Write integration tests of what is asked for, in files of their own. They must fail now, and nothing else may.',
  },
  'integration-green': {
    name: 'Integration Green',
    by: 'developer',
    action: 'code.implement',
    gates: GREEN,
    optional: false,
    asks: 'Make the integration tests pass, and keep all others passing. Leave the tests as they are.',
  },
  verify: {
    name: 'Verify',
    by: 'tester',
    action: 'test.verify',
    gates: [{ kind: 'tests' }],
    optional: false,
    asks: 'Verify the change against what was asked for. What is missing or wrong is a finding.',
  },
};

export const phaseWork = (phase: TddPhase): PhaseWork => WORK[phase];

export const HANDOFF_ACTIONS: readonly string[] = [...new Set(Object.values(WORK).map(({ action }) => action))];

/** The places of a hand-off whose phases an agent can all do. */
export const placesFor = (canDo: (action: string) => boolean): readonly HandoffPlace[] =>
  (['tester', 'developer'] as const).filter((place) =>
    Object.values(WORK).every(({ by, action }) => by !== place || canDo(action)),
  );

export interface HandoffOptions {
  /** Whether there are integration tests to be written. */
  readonly integration: boolean;
}

/** How often a verification may send the work back: then people must look. */
export const MAX_SENT_BACK = 2;

/** What comes after a phase that was proved. */
export function phaseAfter(phase: TddPhase, { integration }: HandoffOptions): TddPhase | 'complete' {
  const next = TDD_PHASES[TDD_PHASES.indexOf(phase) + 1] ?? 'complete';
  return next === 'integration-red' && !integration ? 'verify' : next;
}

/**
 * Where a phase that failed for good sends the work: what a verification finds goes back to the developer, `MAX_SENT_BACK`
 * times; a phase that broke its own rule had its attempts at that, and ends the hand-off.
 */
export function phaseAfterFailure(
  phase: TddPhase,
  { code }: { readonly code: string },
  { integration }: HandoffOptions,
  sentBack: number,
): TddPhase | 'failed' {
  if (phase !== 'verify' || sentBack >= MAX_SENT_BACK || !['review-blocked', 'gate-failed', HUNG].includes(code))
    return 'failed';
  return integration ? 'integration-green' : 'green';
}
