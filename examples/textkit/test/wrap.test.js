import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrap } from '../src/index.js';

test('breaks between words', () => {
  assert.deepEqual(wrap('a long line of text', 10), ['a long', 'line of', 'text']);
});

test('gives a long word a line of its own', () => {
  assert.deepEqual(wrap('an extraordinary day', 6), ['an', 'extraordinary', 'day']);
});
