import type { GateSpec, ScanSpec } from '../domain/gate.js';
import { coverage } from './coverage.js';
import type { GateContext, GateOutcome } from './gate.js';
import { lint } from './lint.js';
import { red } from './red.js';
import { tests } from './tests.js';
import { typecheck } from './typecheck.js';

/** Runs the check that `spec` asks for, by a command of the repository. */
export function runGate(spec: Exclude<GateSpec, ScanSpec>, context: GateContext): Promise<GateOutcome> {
  switch (spec.kind) {
    case 'tests':
      return tests(spec, context);
    case 'lint':
      return lint(spec, context);
    case 'typecheck':
      return typecheck(spec, context);
    case 'red':
      return red(spec, context);
    case 'coverage':
      return coverage(spec, context);
  }
}
