import { EVENT_TYPES } from '../../src/domain/event.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.js';
import { TRAILER } from '../../src/domain/trailer.js';

describe('names that leave the program', () => {
  it('are given once each', () => {
    for (const names of [EVENT_TYPES, Object.values(TRAILER), Object.values(SEARCH_ATTRIBUTES)])
      expect(new Set(names).size).toBe(names.length);
  });

  it('are such as git reads as trailers', () => {
    for (const name of Object.values(TRAILER)) expect(name).toMatch(/^[A-Z][A-Za-z]*(-[A-Za-z]+)+$/);
  });

  it('have Baton’s prefix among the search attributes of a shared Temporal', () => {
    for (const name of Object.values(SEARCH_ATTRIBUTES)) expect(name).toMatch(/^Baton[A-Z]/);
  });
});
