import { keepable } from '../../src/domain/keepable.js';

describe('keepable', () => {
  it('replaces what no record can hold', () => {
    expect(keepable('a\0b\ud83d')).toBe('a\ufffdb\ufffd');
  });

  it('leaves every other text as it is', () => {
    expect(keepable('é 文 😀\n\t')).toBe('é 文 😀\n\t');
  });
});
