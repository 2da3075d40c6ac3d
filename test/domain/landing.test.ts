import { landingAnswer, landingQuestion, RERUN_HINT } from '../../src/domain/landing.js';

const about = {
  step: 'Merge',
  message: `main has moved, and the change conflicts with it in a.txt. ${RERUN_HINT}`,
  branch: 'work/1',
  target: 'main',
};

describe('a change that cannot land', () => {
  it('is resolved by the agent that made it, by a person, or not at all', () => {
    const question = landingQuestion({ ...about, block: 'conflict', agent: 'devon' });
    expect(question.text).toBe('Merge waits: main has moved, and the change conflicts with it in a.txt.');
    expect(question.options.map(({ name }) => name)).toEqual([
      'Let the agent resolve it',
      'Take a branch',
      'Try again',
      'Give up',
    ]);
    expect(question.recommended).toBe('Let the agent resolve it');
    expect(question.options[0]!.says).toContain('devon, whose change it is');
    expect(question.options[0]!.says).toContain('resolves the conflict');
    expect(landingQuestion({ ...about, block: 'unproved', agent: 'devon' }).options[0]!.says).toContain(
      'corrects what fails',
    );
  });

  it('offers no agent where none made the change', () => {
    const question = landingQuestion({ ...about, block: 'conflict', agent: null });
    expect(question.options.map(({ name }) => name)).toEqual(['Take a branch', 'Try again', 'Give up']);
    expect(question.recommended).toBe('Take a branch');
  });

  it.each([
    ['nobody answers', null, 'devon', { kind: 'end' }],
    ['people give up', { option: 'Give up', text: null }, 'devon', { kind: 'end' }],
    ['people try again', { option: 'Try again', text: null }, 'devon', { kind: 'again' }],
    ['the agent is chosen', { option: 'Let the agent resolve it', text: null }, 'devon', { kind: 'resolve' }],
    ['people use their own words', { option: null, text: 'Keep both.' }, 'devon', { kind: 'resolve' }],
    ['a branch is named', { option: 'Take a branch', text: ' fixed ' }, 'devon', { kind: 'branch', branch: 'fixed' }],
    ['a branch is not named', { option: 'Take a branch', text: null }, 'devon', { kind: 'branch', branch: '' }],
    ['words name a branch', { option: null, text: 'fixed' }, null, { kind: 'branch', branch: 'fixed' }],
  ] as const)('goes on as the answer says where %s', (_, answer, agent, to) => {
    expect(landingAnswer(answer, agent)).toEqual(to);
  });
});
