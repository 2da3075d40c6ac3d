import fc from 'fast-check';
import { slugify } from '../../src/domain/slug.js';

describe('slugify', () => {
  it.each([
    ['Add dates to the log!', 'add-dates-to-the-log'],
    ['  Élan vital  ', 'elan-vital'],
    ['---', 'x'],
    ['測試', 'x'],
    ['', 'x'],
    ['a_b.c/d', 'a-b-c-d'],
  ])('%j → %s', (text, slug) => {
    expect(slugify(text)).toBe(slug);
  });

  it('cuts long texts, and leaves no hyphen at the cut', () => {
    expect(slugify('abc def', 4)).toBe('abc');
    expect(slugify('a'.repeat(100))).toBe('a'.repeat(40));
  });

  it('is a part of an id, a branch and a path, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (text, maxLength) => {
        const slug = slugify(text, maxLength);
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug.length).toBeLessThanOrEqual(maxLength);
        expect(slugify(slug, maxLength)).toBe(slug);
      }),
    );
  });
});
