import fc from 'fast-check';
import type { Json } from '../../src/domain/json.js';
import { isExpression, isText, render, type Template } from '../../src/domain/template.js';

const values: Readonly<Record<string, Json>> = {
  'issue.number': 7,
  'issue.title': 'Add dates',
  nothing: null,
  list: [1, 'a'],
};
const rendered = (template: Template): Json => render(template, (expression) => values[expression]!);

describe('render', () => {
  it('keeps the type of a value that is one expression', () => {
    expect(rendered({ $cel: 'issue.number' })).toBe(7);
    expect(rendered({ $cel: 'list' })).toEqual([1, 'a']);
  });

  it('writes expressions into text: strings as they are, nothing for null, JSON for the rest', () => {
    expect(
      rendered({
        $text: ['#', { $cel: 'issue.number' }, ' ', { $cel: 'issue.title' }, { $cel: 'nothing' }, { $cel: 'list' }],
      }),
    ).toBe('#7 Add dates[1,"a"]');
  });

  it('reaches into lists and mappings', () => {
    expect(rendered({ a: [{ b: { $cel: 'issue.number' } }, 'x'], c: null })).toEqual({ a: [{ b: 7 }, 'x'], c: null });
  });

  it('leaves values without expressions as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Template & Json;
        fc.pre(!JSON.stringify(plain).includes('$'));
        expect(rendered(plain)).toEqual(plain);
      }),
    );
  });
});

describe('isExpression and isText', () => {
  it('know what was compiled', () => {
    expect(
      [{ $cel: 'x' }, { $text: [] }, { a: 1 }, null, 'x'].map((value) => [isExpression(value), isText(value)]),
    ).toEqual([
      [true, false],
      [false, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });
});
