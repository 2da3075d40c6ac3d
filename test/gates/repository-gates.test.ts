import type { AskedGate } from '../../src/domain/gate.js';
import { checksOf } from '../../src/gates/repository-gates.js';
import { parseRepositoryConfig } from '../../src/schema/repository-config.js';

const TESTS = 'test: { command: "true" }\n';
const LINT = 'lint: { command: "true" }\n';
const TYPECHECK = 'typecheck: { command: "true" }\n';
const COVERAGE = 'coverage: { command: "true" }\n';
const kinds = (asked: readonly AskedGate[], config: string): readonly string[] =>
  checksOf(asked, parseRepositoryConfig(config)).map(({ kind }) => kind);

describe('the checks that a step asks for', () => {
  it.each([
    [TESTS, ['tests']],
    [TESTS + LINT + TYPECHECK + COVERAGE, ['tests', 'lint', 'typecheck']],
    // Without a command for its tests nothing is proved, and the gate says so.
    [LINT, ['tests', 'lint']],
  ])('are, by `repository`, all that it has commands for: %j', (config, checks) => {
    expect(kinds([{ kind: 'repository' }], config)).toEqual(checks);
  });

  it('are made once, also where one is named besides', () => {
    const asked: AskedGate[] = [{ kind: 'lint' }, { kind: 'repository' }, { kind: 'coverage', minimumPercent: 80 }];
    expect(kinds(asked, TESTS + LINT)).toEqual(['lint', 'tests', 'coverage']);
  });
});
