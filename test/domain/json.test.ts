import fc from 'fast-check';
import { isJsonObject, type Json, jsonBytes } from '../../src/domain/json.js';

describe('jsonBytes', () => {
  it('is the length of the JSON in UTF-8, for any value', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    const json = fc.oneof(text, fc.jsonValue(), fc.dictionary(text, text));
    fc.assert(
      fc.property(json, (value) => expect(jsonBytes(value as Json)).toBe(Buffer.byteLength(JSON.stringify(value)))),
    );
  });

  it.each([
    ['a', 3],
    ['é', 4],
    ['€', 5],
    ['😀', 6],
  ])('%s takes %i bytes with its quotes', (text, bytes) => {
    expect(jsonBytes(text)).toBe(bytes);
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['a', false],
    [undefined, false],
  ])('%j → %s', (value, is) => {
    expect(isJsonObject(value)).toBe(is);
  });
});
