import type { Person } from '../../src/domain/approval.js';
import {
  answerersOf,
  answerLine,
  failureQuestion,
  GIVE_UP,
  refuseAnswer,
  TRY_AGAIN,
  type Answer,
  type Question,
} from '../../src/domain/question.js';

const maya: Person = { id: '1', handle: 'maya', roles: [] };
const sam: Person = { id: '2', handle: 'sam', roles: ['dba', 'senior-developer'] };
const tim: Person = { id: '3', handle: 'tim', roles: ['dba'] };
const options = [
  { name: 'Keep', says: 'Callers go on.' },
  { name: 'Rename', says: 'Callers change.' },
];
const asked: Question = { text: 'Keep it?', options, recommended: null, freeText: false };
const answer = (by: Person, given: Partial<Answer> = {}): Answer => ({
  by,
  option: 'Keep',
  text: null,
  reason: 'It is known.',
  ...given,
});
const refused = (question: Question, given: Answer) => refuseAnswer(question, answerersOf('maya'), given)?.code ?? null;

describe('an answer', () => {
  it('counts of whoever asked for the run, and of those who lead the work', () => {
    expect([maya, sam, tim].map((by) => refused(asked, answer(by)))).toEqual([null, null, 'not-asked']);
    expect(refuseAnswer(asked, answerersOf('maya'), answer(tim))?.message).toBe(
      'tim is not among those who are asked: maya, senior-developer, team-lead, tech-lead',
    );
  });

  it('is one of the options, with a reason', () => {
    expect(refused(asked, answer(maya, { option: 'Burn' }))).toBe('unknown-option');
    expect(refused(asked, answer(maya, { option: null }))).toBe('answer-missing');
    expect(refused(asked, answer(maya, { reason: null }))).toBe('reason-missing');
  });

  it('is in own words only where these are asked for; they are reason enough', () => {
    const own = { text: 'Keep both.', reason: null };
    expect(refused(asked, answer(maya, own))).toBe('option-needed');
    const free = { ...asked, freeText: true };
    expect(refused(free, answer(maya, own))).toBeNull();
    expect(refused(free, answer(maya, { ...own, option: null }))).toBeNull();
  });

  it('is one line for people', () => {
    expect(answerLine(answer(maya))).toBe('Keep (It is known.)');
    expect(answerLine(answer(maya, { option: null, text: 'Keep both.', reason: null }))).toBe('Keep both.');
  });
});

it('people are asked whether a step that fails and fails is tried again', () => {
  const { text, options: ways, freeText } = failureQuestion('Implement', 'devon', 'gate tests failed');
  expect(text).toBe('devon has used up the attempts of Implement: gate tests failed');
  expect(ways.map(({ name }) => name)).toEqual([TRY_AGAIN, GIVE_UP]);
  expect(freeText).toBe(true);
});
