import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { PLAN_LIMITS } from '../../../src/domain/plan.js';
import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';
import { formatDiagnostic } from '../../../src/schema/pipeline/format-diagnostic.js';

const PIPELINES = new URL('../pipelines/', import.meta.url);
const VALID = readdirSync(PIPELINES).map((name) => readFileSync(new URL(name, PIPELINES), 'utf8'));

/** What holds for any text: it does not throw, a refusal has a reason inside the file, a plan can be walked. */
function holds(source: string): void {
  const compilation = compilePipeline(source, { file: 'fuzz.yaml' });
  if (compilation.kind === 'refused') {
    expect(compilation.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    const lines = source.split('\n').length;
    for (const diagnostic of compilation.diagnostics) {
      expect(diagnostic.line).toBeGreaterThanOrEqual(1);
      expect(diagnostic.line).toBeLessThanOrEqual(lines);
      expect(diagnostic.column).toBeGreaterThanOrEqual(1);
      expect(formatDiagnostic(diagnostic, source)).toContain(diagnostic.message);
    }
    return;
  }
  const { steps } = compilation.plan;
  expect(steps.length).toBeLessThanOrEqual(PLAN_LIMITS.steps);
  const done = new Set<string>();
  for (const { id, dependsOn } of steps) {
    expect(id).toMatch(/^[a-z0-9-]{1,60}$/);
    expect(dependsOn.every((dependency) => done.has(dependency))).toBe(true);
    expect(done.has(id)).toBe(false);
    done.add(id);
  }
  expect(JSON.parse(JSON.stringify(compilation.plan))).toEqual(compilation.plan);
}

const WORDS = fc.constantFrom(
  ...'name workflow steps nodes trigger triggers id action agent params inputs when map over forEach gates approvers approvalRequired approvalPolicy dependsOn parallel timeout retry repository pipeline type schedule event filters any same'.split(
    ' ',
  ),
  ...[
    'human-gate',
    'human:ann',
    'role:developer',
    'code.implement',
    'git.createBranch',
    'github.merge',
    'flow.noop',
    'report.generate',
    '4h',
    'tests',
    'coverage 80%',
    "issue.labeled('x')",
    'schedule.weekly(sunday, 2am)',
    '{{ issue.title }}',
    '{{ nodes.a.output.b }}',
    '{{ item }}',
    '{{',
    'a',
    'b',
    'a-b',
    'constructor',
    'toString',
    '__proto__',
  ],
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    WORDS,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(WORDS, tie('any'), { maxKeys: 6 }),
  ),
})).any;
const step = fc.dictionary(WORDS, value, { maxKeys: 8 });

describe('compilePipeline, whatever it is given', () => {
  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), holds),
      { numRuns: 200 },
    );
  });

  it('holds for YAML of known words in any shape', () => {
    fc.assert(
      fc.property(value, (anything) => holds(stringify(anything))),
      { numRuns: 200 },
    );
  });

  it('holds for steps of any shape', () => {
    fc.assert(
      fc.property(fc.constantFrom('steps', 'nodes'), fc.array(step, { maxLength: 6 }), (key, list) =>
        holds(stringify({ name: 'p', [key]: list })),
      ),
      { numRuns: 300 },
    );
  });

  it('holds for valid pipelines with parts cut out, put in and swapped', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(30),
      put: fc.oneof(
        WORDS,
        fc.string({ maxLength: 5 }),
        fc.constantFrom(
          '\n',
          '\t',
          ': ',
          '- ',
          '{{',
          '}}',
          '"',
          "'",
          '&a ',
          '*a',
          '#',
          '---\n',
          '[',
          '{',
          '|',
          '\u0000',
          '\uD800',
        ),
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(...VALID), fc.array(edit, { minLength: 1, maxLength: 4 }), (source, edits) => {
        holds(
          edits.reduce((text, { at, cut, put }) => {
            const offset = Math.floor(at * text.length);
            return text.slice(0, offset) + put + text.slice(offset + cut);
          }, source),
        );
      }),
      { numRuns: 400 },
    );
  });
});
