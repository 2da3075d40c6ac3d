import { fitWithin, tokensOf, type Part } from '../../../src/domain/context/budget.js';
import { relevantFiles } from '../../../src/domain/context/relevance.js';
import { searchEntries } from '../../../src/domain/context/search.js';
import { snippetsOf } from '../../../src/domain/context/snippets.js';
import { tellingWords } from '../../../src/domain/context/words.js';

describe('the words of what is wanted', () => {
  it('are names of code first, then what is said most, without what everybody says', () => {
    const text = 'The total should be rounded. Rounded totals: parseTotal in src/total.ts, see max_age, 2026 and it.';
    expect(tellingWords([text])).toEqual(['parsetotal', 'src/total.ts', 'max_age', 'rounded', 'total', 'totals']);
  });

  it('are so many at most', () => {
    expect(tellingWords([Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ')])).toHaveLength(24);
  });
});

describe('relevant files', () => {
  const paths = ['src/total.ts', 'src/cart.ts', 'src/page.ts', 'src/a.ts', 'README.md'];
  const line = (path: string, number: number, text: string) => ({ path, line: number, text });

  it('are those that are named, that say it, that were changed for it, and that refer to them', () => {
    const files = relevantFiles(
      {
        words: ['src/total.ts', 'discount'],
        paths,
        lines: [
          line('src/cart.ts', 7, 'applyDiscount(total)'),
          line('src/cart.ts', 3, 'const discount = 1;'),
          line('src/page.ts', 1, "import { total } from './total.js';"),
          line('src/total.ts', 2, "from './total.js'"),
        ],
        history: [
          { message: 'Discounts for regulars', paths: ['src/a.ts', 'gone.ts'] },
          { message: 'Discounts everywhere', paths: Array.from({ length: 31 }, (_, index) => `f${index}`) },
          { message: 'Something else', paths: ['README.md'] },
        ],
      },
      10,
    );
    expect(files.map(({ path }) => path)).toEqual(['src/total.ts', 'src/cart.ts', 'src/page.ts', 'src/a.ts']);
    expect(files[0]).toMatchObject({ why: ['it is named'], lines: [] });
    expect(files[1]).toEqual({ path: 'src/cart.ts', why: ['it says discount'], lines: [3, 7] });
    expect(files[2]).toMatchObject({ why: ['it refers to src/total.ts'] });
    expect(files[3]).toMatchObject({ why: ['a commit about discount changed it'] });
  });

  it('have the word in their name, are so many at most, and in one order where nothing tells them apart', () => {
    const files = relevantFiles(
      { words: ['carts'], paths: ['b/cart.ts', 'a/cart.ts', 'x.ts'], lines: [], history: [] },
      1,
    );
    expect(files).toEqual([{ path: 'a/cart.ts', why: ['carts is in its name'], lines: [] }]);
  });

  it('weigh a rare word more than a common one', () => {
    const common = paths.slice(0, 4).map((path) => line(path, 1, 'value'));
    const files = relevantFiles(
      { words: ['value', 'zebra'], paths, lines: [...common, line('README.md', 9, 'a zebra')], history: [] },
      1,
    );
    expect(files[0]!.path).toBe('README.md');
  });

  it('are found by no name that is next to nothing', () => {
    const lines = [line('q/ab.ts', 1, 'needle'), line('other.ts', 1, "import './ab.js'")];
    const files = relevantFiles({ words: ['needle'], paths: ['q/ab.ts', 'other.ts'], lines, history: [] }, 9);
    expect(files.map(({ path }) => path)).toEqual(['q/ab.ts']);
  });
});

describe('snippets', () => {
  const content = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join('\n');

  it('are what stands around, those that touch in one', () => {
    const spans = snippetsOf(content, [3, 8, 25], 100).map(({ from, text }) => [from, text.split('\n').length]);
    expect(spans).toEqual([
      [1, 12],
      [21, 9],
    ]);
  });

  it('are so many lines at most, and the beginning where no line is given', () => {
    expect(snippetsOf(content, [3, 25], 7)).toHaveLength(1);
    expect(snippetsOf(content, [], 2)).toEqual([{ from: 1, text: 'line 1\nline 2' }]);
  });

  it('have no endless lines', () => {
    const [snippet] = snippetsOf('x'.repeat(1_000), [1], 5);
    expect(snippet!.text).toHaveLength(300);
  });
});

describe('a budget of tokens', () => {
  const part = (name: string, priority: number, tokens: number, cuttable = false): Part => ({
    ...{ name, priority, cuttable, text: 'x'.repeat(tokens * 4) },
  });

  it('keeps what must be told, and of the rest what fits, in its order', () => {
    const told = fitWithin([part('end', 0, 50), part('file', 2, 60), part('issue', 1, 30), part('small', 3, 5)], 100);
    expect(told.parts.map(({ name }) => name)).toEqual(['end', 'issue', 'small']);
    expect(told).toMatchObject({ tokens: 85, leftOut: ['file'], cut: [] });
  });

  it('keeps none of those behind one that is left out, of the same priority', () => {
    expect(fitWithin([part('a', 2, 60), part('b', 2, 60), part('c', 2, 10)], 100).leftOut).toEqual(['b', 'c']);
  });

  it('cuts what is of use in part, unless next to nothing would be left', () => {
    const told = fitWithin([part('issue', 1, 500, true), part('more', 2, 500, true)], 120);
    expect(told).toMatchObject({ leftOut: ['more'], cut: ['issue'] });
    expect(told.parts[0]!.text).toBe(`${'x'.repeat(480)}…`);
    const [quoted] = fitWithin([{ ...part('issue', 1, 500, true), end: ' (end)' }], 60).parts;
    expect(quoted!.text).toBe(`${'x'.repeat(240)}… (end)`);
  });

  it('counts a token for about four characters', () => {
    expect([tokensOf(''), tokensOf('a'), tokensOf('abcde')]).toEqual([0, 1, 2]);
  });
});

describe('a search', () => {
  it('gives what holds most of the words first, around the first of them', () => {
    const long = `${'-'.repeat(2_000)}needle${'-'.repeat(2_000)}`;
    const entries = [
      { where: 'a.ts', text: long },
      { where: 'b.ts', text: 'a needle in the hay' },
      { where: 'hay.ts', text: 'nothing' },
      { where: 'c.ts', text: 'neither' },
    ];
    const found = searchEntries(entries, 'Needle hay?', 2);
    expect(found.map(({ where }) => where)).toEqual(['b.ts', 'a.ts']);
    expect(found[1]!.text).toContain('needle');
    expect(found[1]!.text).toHaveLength(600);
    expect(searchEntries(entries, 'hay', 9).map(({ where }) => where)).toEqual(['b.ts', 'hay.ts']);
    expect(searchEntries(entries, '?', 9)).toEqual([]);
  });
});
