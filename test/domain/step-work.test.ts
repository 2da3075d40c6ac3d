import { refuseAnswer } from '../../src/domain/question.js';
import { blockedQuestion, isAdvice } from '../../src/domain/step-work.js';

describe('an agent that is blocked', () => {
  it('asks in words of its own, and can be answered in people’s own', () => {
    const question = blockedQuestion('the registry does not answer');
    expect(question.text).toBe('I cannot go on: the registry does not answer');
    const by = { id: 'p', handle: 'maya', roles: [] };
    const answer = { by, option: null, text: 'It is mended.', reason: null };
    expect(refuseAnswer(question, ['maya'], answer)).toBeNull();
  });
});

describe('advice', () => {
  it('is the orchestrator’s action, and no other', () => {
    expect(isAdvice({ action: 'orchestrate.advise' })).toBe(true);
    expect(isAdvice({ action: 'code.implement' })).toBe(false);
  });
});
