import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify } from '../src/index.js';

test('joins words by hyphens', () => {
  assert.equal(slugify('Hello, World!'), 'hello-world');
});

test('takes accents off', () => {
  assert.equal(slugify('Crème brûlée'), 'creme-brulee');
});
