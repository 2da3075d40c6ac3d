import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';

const DAY_MS = 24 * 3600_000;
const compile = (top: string, ...steps: readonly string[]) =>
  compilePipeline(`name: p\n${top}\nsteps:\n${steps.map((step) => `  - { name: One, ${step} }\n`).join('')}`, {
    file: 'p.yaml',
  });
const questionsOf = (top: string, step: string) => {
  const compiled = compile(top, `agent: any, action: code.implement, ${step}`);
  if (compiled.kind === 'refused') throw new Error(compiled.diagnostics.map(({ message }) => message).join());
  return (compiled.plan.steps[0] as { questions?: unknown }).questions;
};
const codes = (top: string, step: string): string[] => {
  const compiled = compile(top, step);
  return compiled.kind === 'refused' ? compiled.diagnostics.map(({ code }) => code) : [];
};

describe('how a step asks people', () => {
  it('is said by the step, else by the pipeline, else left out', () => {
    expect(questionsOf('', 'gates: [tests]')).toBeUndefined();
    expect(questionsOf('onFailure: ask', 'gates: [tests]')).toEqual({
      answerWithinMs: 7 * DAY_MS,
      askOnFailure: true,
      askWhenBlocked: true,
    });
    expect(questionsOf('onFailure: ask\nanswerWithin: 2d', 'onFailure: fail')).toEqual({
      answerWithinMs: 2 * DAY_MS,
      askOnFailure: false,
      askWhenBlocked: false,
    });
    // A time alone leaves the default as it is.
    expect(questionsOf('', 'answerWithin: 2d')).toEqual({
      answerWithinMs: 2 * DAY_MS,
      askOnFailure: false,
      askWhenBlocked: true,
    });
    expect(questionsOf('answerWithin: 2d', 'onFailure: ask, answerWithin: 8h')).toEqual({
      answerWithinMs: DAY_MS / 3,
      askOnFailure: true,
      askWhenBlocked: true,
    });
  });

  it('holds for the phases of test-driven work', () => {
    const compiled = compile('', 'action: tdd.handoff, onFailure: ask');
    expect(compiled).toMatchObject({ plan: { steps: [{ kind: 'handoff', questions: { askOnFailure: true } }] } });
  });

  it('is said of a merge, whose change may not land', () => {
    const merging = [
      '  - { name: Change, agent: any, action: code.implement }',
      '  - { name: Propose, action: github.createPR }',
      '  - { name: Ask, type: human-gate, approvers: human:lee }',
      '  - { name: Merge, action: github.merge, onFailure: fail }',
    ];
    const compiled = compilePipeline(['name: landing', 'steps:', ...merging].join('\n'), { file: 'test.yaml' });
    const steps = compiled.kind === 'refused' ? [] : compiled.plan.steps;
    expect(steps.at(-1)).toMatchObject({ action: 'github.merge', questions: { askWhenBlocked: false } });
  });

  it.each([
    ['', 'agent: any, action: code.implement, onFailure: aks', ['bad-value']],
    ['', 'agent: any, action: code.implement, answerWithin: 8', ['bad-duration']],
    ['onFailure: [ask]', 'agent: any, action: code.implement', ['bad-value']],
    ['', 'action: flow.noop, onFailure: ask', ['misplaced-key']],
    ['', 'type: human-gate, approvers: human:lee, answerWithin: 8h', ['misplaced-key']],
    ['onFailure: ask', 'action: flow.noop', []],
  ])('is refused where it says nothing: %s %s', (top, step, expected) => {
    expect(codes(top, step)).toEqual(expected);
  });
});
