import { AGENT, compileStep as compile, faultsOfStep as faults } from './one-step.js';

describe('the checklist of a step', () => {
  it('is texts, with expressions in them or in their place', () => {
    expect(compile(...AGENT, 'checklist:', `  - '{{ issue.checklist }}'`, '  - Say {{ issue.title }}')).toMatchObject({
      plan: { steps: [{ checklist: [{ $cel: 'issue.checklist' }, { $text: ['Say ', { $cel: 'issue.title' }] }] }] },
    });
    expect(compile(...AGENT, 'checklist: Write docs')).toMatchObject({
      plan: { steps: [{ checklist: ['Write docs'] }] },
    });
    expect(compile(...AGENT)).not.toHaveProperty('plan.steps.0.checklist');
  });

  it.each([
    [['checklist: [Test, Docs, Test]'], '6:29 double-item: `Test` stands in the checklist twice'],
    [['checklist: [Test, { a: b }]'], '6:23 bad-value: `checklist` is a text, not a mapping'],
    [['checklist: ', '  - ""'], '7:9 bad-value: `checklist` is a text, not nothing'],
    [['checklist:', `  - ${'x'.repeat(201)}`], '7:9 bad-value: an item has at most 200 characters, this one has 201'],
    [
      [`checklist: [${Array.from({ length: 51 }, (_, n) => `a${n}`).join(', ')}]`],
      '6:16 checklist-too-long: a step has at most 50 items, these are 51',
    ],
    [['checklist: "{{ nodes.two.output }}"'], '6:26 unknown-step: there is no step `two`'],
  ])('is refused as %j, with its place', (lines, fault) => {
    expect(faults(...AGENT, ...lines)).toEqual([fault]);
  });

  it.each([[['action: flow.noop']], [['type: human-gate', 'approvers: human:lee']], [['action: tdd.handoff']]])(
    'is of steps that one agent does: not of %j',
    (step) => {
      expect(faults(...step, 'checklist: Write docs')).toEqual([
        expect.stringMatching(/misplaced-key: `checklist` is of steps that one agent does/),
      ]);
    },
  );
});
