import { asksWhenBlocked, blockedQuestion, unblocked, type Blockage } from '../../src/domain/blocked.js';
import { PAID_QUESTION_DEFAULTS, QUESTION_DEFAULTS } from '../../src/domain/question.js';

const gates: Blockage = { kind: 'gates', commit: 'a', notSetUp: [] };
const notSetUp: Blockage = { ...gates, notSetUp: ['coverage'] };
const setUp: Blockage = { kind: 'set-up' };
const conflict = (offersAgent: boolean): Blockage => ({ kind: 'conflict', branch: 'work', offersAgent });
const why = { message: 'It is so.' };

describe('a step that is blocked', () => {
  it('asks where it is paid for, unless the pipeline says otherwise', () => {
    expect(asksWhenBlocked(PAID_QUESTION_DEFAULTS)).toBe(true);
    expect(asksWhenBlocked(QUESTION_DEFAULTS)).toBe(false);
  });

  it.each([
    [gates, ['Run the gates again', 'Try again', 'Give up'], 'Run the gates again'],
    [notSetUp, ['Run the gates again', 'Go on without it', 'Try again', 'Give up'], 'Run the gates again'],
    [setUp, ['Run the set-up again', 'Give up'], 'Run the set-up again'],
    [conflict(true), ['Let the agent resolve it', 'Take a branch', 'Give up'], 'Let the agent resolve it'],
    [conflict(false), ['Take a branch', 'Give up'], 'Take a branch'],
  ])('offers what keeps its work: %j', (blockage, names, recommended) => {
    const question = blockedQuestion('Work', 'devon', blockage, why);
    expect(question).toMatchObject({
      text: expect.stringMatching(/^Work waits: .*It is so\.$/) as string,
      recommended,
    });
    expect(question.options.map(({ name }) => name)).toEqual(names);
    expect(question.options.every(({ says }) => says.endsWith('.'))).toBe(true);
  });

  it.each([
    [null, null, gates, { kind: 'end' }],
    ['Give up', null, setUp, { kind: 'end' }],
    ['Run the gates again', null, gates, { kind: 'again' }],
    ['Run the set-up again', null, setUp, { kind: 'again' }],
    ['Go on without it', null, notSetUp, { kind: 'without' }],
    ['Try again', 'Less.', gates, { kind: 'attempt' }],
    [undefined, 'Less.', gates, { kind: 'attempt' }],
    ['Let the agent resolve it', null, conflict(true), { kind: 'resolve' }],
    [undefined, 'Keep both.', conflict(true), { kind: 'resolve' }],
    [undefined, ' mine ', conflict(false), { kind: 'branch', branch: 'mine' }],
    ['Take a branch', 'mine', conflict(true), { kind: 'branch', branch: 'mine' }],
    ['Take a branch', null, conflict(false), { kind: 'branch', branch: '' }],
  ])('goes on as it was answered: %s, %s', (option, text, blockage, to) => {
    const answer = option === null ? null : { option: option ?? null, text };
    expect(unblocked(answer, blockage)).toEqual(to);
  });
});
