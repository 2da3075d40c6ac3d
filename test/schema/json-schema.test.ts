import { jsonSchema } from '../../src/schema/json-schema.js';

const faults = (schema: unknown) =>
  (jsonSchema.safeParse(schema).error?.issues ?? []).map(({ path, message }) => [path.join('|'), message]);

describe('a JSON Schema', () => {
  it.each([
    {},
    { type: 'object', required: ['a'], properties: { a: { type: 'string', pattern: '^\\p{L}+$' } } },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { $ref: '#/$defs/item' },
      $defs: { item: {} },
    },
    {
      $id: 'https://example.com/a',
      $defs: { tree: { properties: { next: { $ref: '#/$defs/tree' } } } },
      $ref: '#/$defs/tree',
    },
    { properties: { $ref: { type: 'string' }, $async: { type: 'boolean' } }, default: { $ref: '#/nowhere' } },
  ])('is taken: %j', (schema) => {
    expect(faults(schema)).toEqual([]);
    // A second one with the same $id is another agent's.
    expect(faults(schema)).toEqual([]);
  });

  it.each([
    [{ type: 5 }, 'type', 'is no JSON Schema: must be'],
    [{ properties: { 'a/b~c': { type: 'strng' } } }, 'properties|a/b~c|type', 'is no JSON Schema: must be equal to'],
    [{ properties: { a: { pattern: '(' } } }, 'properties|a|pattern', 'Invalid regular expression: '],
    [{ patternProperties: { '[': {} } }, 'patternProperties|[', 'Invalid regular expression: '],
    [{ items: { $ref: '#/$defs/nowhere' } }, 'items|$ref', 'refers to #/$defs/nowhere, which is not in this schema'],
    [{ $ref: 'https://example.com/a.json' }, '$ref', 'refers to https://example.com/a.json'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema', 'is https://json-schema.org/draft/2020-12/'],
    [{ $schema: 7 }, '$schema', 'is https://json-schema.org/draft/2020-12/schema'],
    [{ $async: true, type: 'string' }, '$async', 'is not of JSON Schema'],
    [{ $ref: '#' }, '', 'is a JSON Schema that nothing can be checked against: Maximum call stack'],
  ])('is refused where it is broken: %j', (schema, path, message) => {
    expect(faults(schema)[0]).toEqual([path, expect.stringContaining(message)]);
  });
});
