import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleCase } from '../src/index.js';

test('capitalises words but the small ones inside', () => {
  assert.equal(titleCase('the lord of the rings'), 'The Lord of the Rings');
});
