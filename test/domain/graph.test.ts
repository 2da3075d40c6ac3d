import fc from 'fast-check';
import { ancestors, descendants, sortTopologically } from '../../src/domain/graph.js';

interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
}
const node = (id: string, ...dependsOn: readonly string[]): Node => ({ id, dependsOn });
const sorted = (nodes: readonly Node[]): readonly Node[] => {
  const order = sortTopologically(nodes);
  if (order.kind === 'sorted') return order.nodes;
  throw new Error(order.path.join(' → '));
};
const idsOf = (nodes: readonly Node[]): readonly string[] => nodes.map(({ id }) => id);

/** Any graph without cycles: every node depends on some before it, the list is shuffled. */
const anyDag = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 })
  .map((list) =>
    list.map((picks, index) =>
      node(`n${index}`, ...new Set(index === 0 ? [] : picks.map((pick) => `n${pick % index}`))),
    ),
  )
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));

describe('sortTopologically', () => {
  it('keeps the order of the list where nothing speaks against it', () => {
    expect(idsOf(sorted([node('b'), node('a'), node('c', 'a')]))).toEqual(['b', 'a', 'c']);
  });

  it('puts each node after all that it depends on, and loses none', () => {
    fc.assert(
      fc.property(anyDag, (nodes) => {
        const order = idsOf(sorted(nodes));
        expect([...order].sort()).toEqual([...idsOf(nodes)].sort());
        for (const { id, dependsOn } of nodes)
          for (const other of dependsOn) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
      }),
    );
  });

  it('names the first cycle step by step, and only what belongs to it', () => {
    expect(sortTopologically([node('x', 'a'), node('a', 'b'), node('b', 'c'), node('c', 'a')])).toEqual({
      kind: 'cycle',
      path: ['a', 'b', 'c', 'a'],
    });
    expect(sortTopologically([node('a', 'a')])).toEqual({ kind: 'cycle', path: ['a', 'a'] });
  });

  it('finds a cycle wherever an arrow closes one', () => {
    fc.assert(
      fc.property(anyDag, fc.nat(), fc.nat(), (nodes, from, to) => {
        fc.pre(nodes.length > 1);
        const [first, last] = [nodes[from % nodes.length]!, nodes[to % nodes.length]!];
        const closed = nodes.map((each) => (each === first ? node(first.id, ...first.dependsOn, last.id) : each));
        const closes = descendants(nodes, first.id).has(last.id);
        expect(sortTopologically(closed).kind).toBe(closes ? 'cycle' : 'sorted');
      }),
    );
  });

  it('passes over nodes that are not there', () => {
    expect(idsOf(sorted([node('a', 'nowhere'), node('b', 'a')]))).toEqual(['a', 'b']);
  });

  it('sorts a chain of 100,000, last first', () => {
    const chain = Array.from({ length: 100_000 }, (_, n) => (n === 0 ? node('n0') : node(`n${n}`, `n${n - 1}`)));
    expect(sorted([...chain].reverse())[0]).toBe(chain[0]);
  });
});

describe('descendants and ancestors', () => {
  const nodes = [node('a'), node('b', 'a'), node('c', 'b'), node('other')];

  it('follow arrows as far as they lead', () => {
    expect([...descendants(nodes, 'a')]).toEqual(['a', 'b', 'c']);
    expect([...descendants([...nodes].reverse(), 'b')].sort()).toEqual(['b', 'c']);
    expect([...ancestors(nodes, 'c')].sort()).toEqual(['a', 'b']);
    expect(ancestors(nodes, 'other').size).toBe(0);
  });

  it('are each other’s opposite', () => {
    fc.assert(
      fc.property(anyDag, (shuffled) => {
        const order = sorted(shuffled);
        for (const { id } of order) {
          for (const { id: other } of order) {
            if (id !== other) expect(ancestors(order, id).has(other)).toBe(descendants(order, other).has(id));
          }
        }
      }),
    );
  });
});
