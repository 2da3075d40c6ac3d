import fc from 'fast-check';
import {
  compileExpression,
  type CompiledExpression,
  type ExpressionScope,
} from '../../../src/schema/pipeline/expression.js';

const scope = (steps: Readonly<Record<string, string>>, more: Partial<ExpressionScope> = {}): ExpressionScope => ({
  stepId: (name) => steps[name],
  refuseStep: () => null,
  isMapped: () => false,
  report: () => null,
  mapped: false,
  didYouMean: () => null,
  ...more,
});
const STEPS = {
  scan: 'scan',
  'scan-compliance': 'scan-compliance',
  'Write tests': 'write-tests',
  scanRepo: 'scanrepo',
  '2fa': '2fa',
  in: 'in',
};
const compile = (text: string, more: Partial<ExpressionScope> = {}): CompiledExpression =>
  compileExpression(text, scope(STEPS, more));
const celOf = (text: string, more: Partial<ExpressionScope> = {}): string => {
  const compiled = compile(text, more);
  if (compiled.kind === 'compiled') return compiled.cel;
  throw new Error(JSON.stringify(compiled.faults));
};
const faultsOf = (text: string): readonly string[] => {
  const compiled = compile(text);
  return compiled.kind === 'compiled' ? [] : compiled.faults.map(({ code, offset }) => `${code}@${offset}`);
};

describe('compileExpression', () => {
  it.each([
    ['nodes.scan.output.score', 'nodes.scan.output.score'],
    ['nodes.scan-compliance.output.score', 'nodes["scan-compliance"].output.score'],
    ['nodes.scan-compliance.output.score-1', 'nodes["scan-compliance"].output.score-1'],
    ['nodes.scan.output.a-nodes.scan.output.b', 'nodes.scan.output.a-nodes.scan.output.b'],
    ['steps.scan.status', 'nodes.scan.status'],
    ['steps.scan-compliance.output', 'nodes["scan-compliance"].output'],
    ['nodes["Write tests"].output.n', 'nodes["write-tests"].output.n'],
    ['nodes.scanRepo.output', 'nodes["scanrepo"].output'],
    ['nodes.2fa.output', 'nodes["2fa"].output'],
    ['nodes.in.output', 'nodes["in"].output'],
    [
      '"nodes.scan-compliance.output" + \'nodes.scan-compliance\'',
      '"nodes.scan-compliance.output" + \'nodes.scan-compliance\'',
    ],
    ['issue.nodes.scan-1', 'issue.nodes.scan-1'],
    ['  issue.title  ', 'issue.title'],
    ['issue.labels.exists(l, l == "x")', 'issue.labels.exists(l, l == "x")'],
    ['issue.labels.map(l, {"name": l, "n": issue.number})', 'issue.labels.map(l, {"name": l, "n": issue.number})'],
    ['cel.bind(x, issue.number, x + x)', 'cel.bind(x, issue.number, x + x)'],
    ['!has(issue.title) && -issue.number < 0', '!has(issue.title) && -issue.number < 0'],
    ['issue.title.matches("^(feat|fix)(-[a-z]+)?$")', 'issue.title.matches("^(feat|fix)(-[a-z]+)?$")'],
    ['(context.a ? [1, 2] : [3])[0]', '(context.a ? [1, 2] : [3])[0]'],
  ])('%s', (text, cel) => {
    expect(celOf(text)).toBe(cel);
  });

  it('writes `report` as the output of the step that made it', () => {
    expect(celOf('report.findings.size() > 0', { report: () => 'make-report' })).toBe(
      'nodes["make-report"].output.findings.size() > 0',
    );
  });

  it('says which paths of which outputs it reads', () => {
    const compiled = compile('nodes.scan.output.a["b"][0].c + nodes["Write tests"].output[issue.n] + report.d', {
      report: () => 'r',
    });
    expect(compiled).toMatchObject({
      reads: [
        { step: 'scan', path: ['a', 'b'] },
        { step: 'write-tests', path: [] },
        { step: 'r', path: ['d'] },
      ],
    });
  });

  it('reads the whole output where the step itself is the value', () => {
    expect(compile('nodes.scan')).toMatchObject({ reads: [{ step: 'scan', path: [] }] });
  });

  it('reads nothing for a status', () => {
    expect(compile('nodes.scan.status == "failed"')).toMatchObject({ reads: [] });
  });

  it('takes `nodes` for the steps only where an expression starts', () => {
    expect(faultsOf('context.nodes.scan-compliance')).toEqual(['unknown-name@19']);
  });

  it('knows the variables of comprehensions only inside them', () => {
    expect(faultsOf('issue.labels.exists(l, l == "x") && l')).toEqual(['unknown-name@36']);
    expect(faultsOf('issue.labels.exists(l, m)')).toEqual(['unknown-name@23']);
  });

  it('places faults where they stand in the text as it was written', () => {
    expect(faultsOf('nodes.scan-compliance.output.x + nodes.Nowhere.output')).toEqual(['unknown-step@39']);
    expect(faultsOf('nodes.scan-compliance.output.x + + 1')).toEqual(['expression-syntax@33']);
    expect(faultsOf('steps.scan-compliance.output.x > 1 && shout(1)')).toEqual(['expression-type@38']);
  });

  it('reports every fault of an expression', () => {
    expect(faultsOf('foo + bar.baz + nodes.nowhere-at-all.output')).toEqual([
      'unknown-name@0',
      'unknown-name@6',
      'unknown-step@21',
    ]);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'nodes',
      'steps',
      '.',
      '-',
      'scan',
      'scan-compliance',
      '[',
      ']',
      '"',
      "'",
      '(',
      ')',
      'report',
      'issue',
      ' ',
      '{',
      '}',
      'matches',
      '1',
      '+',
      '\\',
      '\n',
      '//',
      'r"',
      'in',
      '?',
      ':',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const compiled = compile(text, { report: () => 'scan' });
          if (compiled.kind === 'refused') {
            expect(compiled.faults.length).toBeGreaterThan(0);
            for (const { offset } of compiled.faults) expect(offset).toBeLessThanOrEqual(text.length);
          } else {
            // What was compiled once compiles to itself: nothing is left to write anew.
            expect(celOf(compiled.cel)).toBe(compiled.cel);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
