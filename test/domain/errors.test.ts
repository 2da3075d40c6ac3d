import { BatonError } from '../../src/domain/errors.js';

describe('BatonError', () => {
  it('carries a code and a sentence; it is not retryable and has no details unless told', () => {
    const error = new BatonError('branch-exists', 'The branch exists: choose another name.');
    expect(error).toMatchObject({
      name: 'BatonError',
      code: 'branch-exists',
      message: 'The branch exists: choose another name.',
      details: {},
      retryable: false,
    });
    expect('cause' in error).toBe(false);
    expect(error).toBeInstanceOf(Error);
  });

  it('carries facts, its cause, and whether the same call may succeed later', () => {
    const cause = new Error('connection reset');
    expect(
      new BatonError('forge-unreachable', 'Try again.', { details: { host: 'a' }, retryable: true, cause }),
    ).toMatchObject({ details: { host: 'a' }, retryable: true, cause });
  });
});
