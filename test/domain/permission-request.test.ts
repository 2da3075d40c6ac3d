import { permissionQuestion, permissionsOf } from '../../src/domain/permission-request.js';
import type { GivenAnswer } from '../../src/domain/question.js';

const given = (answer: Partial<GivenAnswer>): GivenAnswer => ({
  question: 'May I?',
  option: null,
  text: null,
  reason: null,
  by: 'maya',
  ...answer,
});
const request = (key: string) => ({ kind: 'command', key }) as const;

describe('what a program asks to be allowed', () => {
  it('is put to people with what it wants to do', () => {
    const question = permissionQuestion('Claude Code', 'git push', request('a'));
    expect(question).toMatchObject({
      text: 'Claude Code asks whether it may run a command:\n\ngit push',
      recommended: null,
      freeText: true,
      permission: { kind: 'command', key: 'a' },
    });
    expect(question.options.map(({ name }) => name)).toEqual(['Allow', 'Allow all', 'Deny']);
  });

  it('is cut where it is long', () => {
    expect(permissionQuestion('Codex', 'x'.repeat(10_000), request('a')).text.length).toBeLessThan(4_000);
  });

  it.each([
    ['Allow', { isAllowed: true, says: 'maya: Allow, it is fine' }],
    ['Allow all', { isAllowed: true, says: 'maya: Allow all, it is fine' }],
    ['Deny', { isAllowed: false, says: 'maya: Deny, it is fine' }],
  ])('is decided by the option %s', (option, permission) => {
    const answers = [given({ option, reason: 'it is fine', permission: request('a') })];
    expect(permissionsOf(answers).byKey).toEqual({ a: permission });
  });

  it('is not allowed by words alone', () => {
    const answers = [given({ text: 'yes, but later', permission: request('a') })];
    expect(permissionsOf(answers).byKey).toEqual({ a: { isAllowed: false, says: 'maya: yes, but later' } });
  });

  it('is allowed for good only by the option that says so', () => {
    const answers = [
      given({ option: 'Allow', permission: { kind: 'edit', key: 'a' } }),
      given({ option: 'Allow all', permission: request('b') }),
      given({ option: 'Allow all' }),
    ];
    expect(permissionsOf(answers).allowed).toEqual(['command']);
  });
});
