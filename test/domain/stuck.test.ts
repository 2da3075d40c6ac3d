import fc from 'fast-check';
import { STUCK_AFTER, StuckWatch, type SeenEvent, type Stuck } from '../../src/domain/stuck.js';

const MINUTE_MS = 60_000;
const act = (kind: SeenEvent['kind'], signature = '', result: string | null = null, isError = false): SeenEvent => ({
  kind,
  signature,
  result,
  isError,
});
const run = (command: string, result = 'ok'): SeenEvent => act('command', command, result);
const fail = (command: string, result = 'no'): SeenEvent => act('command', command, result, true);
const say = (text: string): SeenEvent => act('message', text);
const CONDENSE = act('condense');
const USAGE = act('usage');

/** What is said at each event, a second after the one before. */
const seen = (...events: readonly SeenEvent[]): (Stuck | null)[] => {
  const watch = new StuckWatch({ startedAtMs: 0 });
  return events.map((event, index) => watch.see(event, (index + 1) * 1_000));
};
const rules = (...events: readonly SeenEvent[]): (string | null)[] => seen(...events).map((one) => one?.rule ?? null);
const times = (count: number, ...events: readonly SeenEvent[]): SeenEvent[] =>
  Array.from({ length: count }, () => events).flat();

describe('an agent is stuck', () => {
  it('that does the same four times with the same result', () => {
    expect(rules(...times(4, run('npm test')))).toEqual([null, null, null, 'same-result']);
    expect(rules(...times(4, act('read', 'a.js')))[3]).toBe('same-result');
    expect(seen(...times(4, run('npm  test', 'ok\n')))[3]).toEqual({
      rule: 'same-result',
      says: 'it did the same 4 times, and the same came of it',
      evidence: Array.from({ length: 4 }, () => 'command npm test → ok'),
    });
  });

  it('that does the same three times and fails, however it is told', () => {
    expect(rules(fail('make', 'after 1 s'), fail('make', 'after 2 s'), fail('make', 'after 3 s'))).toEqual([
      null,
      null,
      'same-error',
    ]);
    expect(seen(...times(3, fail('make')))[2]!.evidence[0]).toBe('command make → failed: no');
    expect(rules(...times(3, act('error', 'away', null, true)))[2]).toBe('same-error');
  });

  it('that says the same three times and does nothing between, whatever it thinks', () => {
    expect(rules(say('On it.'), act('think', 'x'), say('On it.'), USAGE, say('On it.'))).toEqual([
      null,
      null,
      null,
      null,
      'monologue',
    ]);
  });

  it('that does two things in turn, three times each', () => {
    expect(rules(...times(3, run('a'), fail('b')))).toEqual([null, null, null, null, null, 'alternation']);
  });

  it('whose context is condensed ten times with nothing between', () => {
    expect(rules(...times(10, CONDENSE, USAGE)).filter((rule) => rule !== null)).toEqual(['condensation']);
    expect(seen(...times(10, CONDENSE))[9]!.says).toBe(
      'its context was condensed 10 times, and it did nothing between',
    );
  });

  it('as long as it goes on', () => {
    expect(rules(...times(5, run('a')), run('b'), run('a'))).toEqual([
      null,
      null,
      null,
      'same-result',
      'same-result',
      null,
      null,
    ]);
  });

  it('also where it says something else before each step', () => {
    const events = ['a', 'b', 'c', 'd'].flatMap((text) => [say(text), run('npm test')]);
    expect(rules(...events).at(-1)).toBe('same-result');
  });
});

describe('an agent is not stuck', () => {
  it.each<[string, readonly SeenEvent[]]>([
    ['whose result changes', [run('test', '1'), run('test', '2'), run('test', '3'), run('test', '4')]],
    ['that fails differently', [fail('a'), fail('b'), fail('c'), fail('d')]],
    ['that fails twice and then does not', [fail('a'), fail('a'), run('a'), fail('a'), fail('a')]],
    ['that writes something else in each edit', [1, 2, 3, 4].map((n) => act('edit', `a.js ${n}`, 'ok'))],
    ['that says the same and acts between', [say('Next.'), run('a'), say('Next.'), run('b'), say('Next.')]],
    ['that says the same and is condensed between', [say('x'), CONDENSE, say('x'), CONDENSE, say('x')]],
    ['that says different things', [say('a'), say('b'), say('a'), say('b'), say('a'), say('b')]],
    ['that does three things in turn', times(3, run('a'), run('b'), run('c'))],
    ['whose turns change what comes of them', [1, 2, 3].flatMap((n) => [run('edit'), run('test', `${n} failed`)])],
    ['that acts after each nine condensations', times(3, ...times(9, CONDENSE), run('a', 'x'), say('b'))],
    ['that thinks and pays', times(20, act('think', 'hm'), USAGE)],
  ])('%s', (_who, events) => {
    expect(rules(...events).filter((rule) => rule !== null)).toEqual([]);
  });

  it('whatever it does, while no step is like another', () => {
    const kinds = fc.constantFrom<SeenEvent['kind']>('read', 'edit', 'command', 'tool', 'message', 'think', 'usage');
    const events = fc.array(fc.tuple(kinds, fc.option(fc.string()), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(events, (drawn) => {
        const distinct = drawn.map(([kind, result, isError], n) => act(kind, `step ${n}`, result, isError));
        expect(rules(...distinct).every((rule) => rule === null)).toBe(true);
      }),
    );
  });
});

describe('every circle', () => {
  const step = fc.record({
    kind: fc.constantFrom<SeenEvent['kind']>('read', 'edit', 'command', 'tool'),
    signature: fc.constantFrom('a', 'b', 'c'),
    result: fc.constantFrom(null, 'x', 'y'),
    isError: fc.boolean(),
  });

  it('of one step is found four steps after it begins, at the latest, and of two after six, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), step, step, (before, one, other) => {
        expect(rules(...before, ...times(4, one)).at(-1)).not.toBeNull();
        expect(rules(...before, ...times(3, one, other)).at(-1)).not.toBeNull();
      }),
    );
  });
});

describe('silence', () => {
  it('is stuck after 15 min, with the last that was heard', () => {
    const watch = new StuckWatch({ startedAtMs: 0 });
    expect(watch.silent(15 * MINUTE_MS - 1)).toBeNull();
    expect(watch.silent(15 * MINUTE_MS)).toEqual({
      rule: 'silence',
      says: 'nothing was heard of it for 15 min',
      evidence: [],
    });
    watch.see(act('command', `npm ${'x'.repeat(400)}`), 10 * MINUTE_MS);
    expect(watch.silentAtMs).toBe(25 * MINUTE_MS);
    expect(watch.silent(16 * MINUTE_MS)).toBeNull();
    const [evidence] = watch.silent(27 * MINUTE_MS)!.evidence;
    expect(evidence).toHaveLength('command '.length + 300);
  });

  it('is broken by any event, is never begun by a clock that goes back, and is as long as one says', () => {
    const watch = new StuckWatch({ startedAtMs: 1_000, silenceMs: 500 });
    watch.see(USAGE, 2_000);
    watch.see(act('think'), 1_500);
    expect(watch.silentAtMs).toBe(2_500);
    expect(watch.silent(2_500)?.evidence).toEqual(['think']);
    watch.heard(2_100);
    expect(watch.silent(2_500)).toBeNull();
    expect(STUCK_AFTER.silenceMs).toBe(15 * MINUTE_MS);
  });
});
