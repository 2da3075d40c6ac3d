import fc from 'fast-check';
import { utf8Bytes } from '../../src/domain/json.js';
import { cutText } from '../../src/domain/text.js';

describe('cutText', () => {
  it('leaves what is short as it is', () => {
    expect(cutText('ünder', 6)).toBe('ünder');
  });

  it('cuts by bytes, between characters', () => {
    expect(cutText('日本語のとても長い題', 12)).toBe('日本語…');
    expect(cutText('ab🙂cd', 7)).toBe('ab…');
  });

  it('never has more bytes than it may, nor half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 40 }), (text, maxBytes) => {
        const cut = cutText(text, maxBytes);
        expect(utf8Bytes(cut)).toBeLessThanOrEqual(maxBytes);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
    expect(cutText('a\ud83d', 10)).toBe('a\ufffd');
  });
});
