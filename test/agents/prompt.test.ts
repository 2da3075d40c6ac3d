import { promptOf } from '../../src/agents/coding/prompt.js';
import type { AgentRequest } from '../../src/agents/harness.js';

const request: AgentRequest = {
  ...{ action: 'code.implement', mode: 'change', params: {}, instructions: 'You are a developer.', repository: 'demo' },
  issue: { number: 1, title: 'Round totals', body: `Please. ${'So it is. '.repeat(2_000)}` },
  ...{ attempt: 1, base: 'a'.repeat(40), failure: null, session: null, told: false, answers: [] },
  checklist: { items: [], next: null },
  files: ['src/total.ts', 'src/cart.ts'].map((path) => ({
    path,
    why: ['it says total'],
    snippets: [{ from: 7, text: `export const total = '${path}';` }],
  })),
};

describe('what a program is told', () => {
  it('has the files that may matter, with why and from which line', () => {
    const { text, leftOut, cut } = promptOf(request);
    expect(text).toContain('## src/total.ts\n\nit says total\nFrom line 7:\n```\nexport const total');
    expect([leftOut, cut]).toEqual([[], []]);
    expect(text).not.toContain('found no room');
  });

  it('fits within its budget: first the files go, then the issue is cut, and the text says so', () => {
    const { text, tokens, leftOut, cut } = promptOf(request, { budget: 1_000, hasTools: true });
    expect(tokens).toBeLessThanOrEqual(1_010);
    expect({ leftOut, cut }).toEqual({ leftOut: ['src/total.ts', 'src/cart.ts'], cut: ['the issue'] });
    expect(text).toContain(
      'This text has about 1000 tokens. Cut: the issue. Left out: src/total.ts, src/cart.ts. `get_briefing` tells all of it.',
    );
    expect(text).toMatch(/So it is[^\n]*…\n---\n/);
    expect(text).toContain('You are a developer.');
    expect(text.endsWith('Say in one or two sentences what you did.')).toBe(true);
  });

  it('names what the checkout does not fill', () => {
    const unfilled = { submodules: ['vendor/lib'], pointers: ['art.bin', 'a\nb'], patterns: ['*.bin'] };
    const { text } = promptOf({ ...request, unfilled });
    expect(text).toContain('- Submodules, which are empty folders here: vendor/lib.');
    expect(text).toContain('- Files of Git LFS: art.bin, a\\u{a}b. Each holds a pointer, not its content.');
    expect(text).toContain('which a Git filter would have to convert: *.bin.');
    expect(promptOf(request).text).not.toContain('missing here');
  });

  it('leaves the least relevant file out first', () => {
    const short = { ...request, issue: { title: 'Round totals' } };
    const { leftOut } = promptOf(short, { budget: promptOf(short).tokens - 1 });
    expect(leftOut).toEqual(['src/cart.ts']);
  });

  it('is not told again where its conversation knows it', () => {
    expect(promptOf({ ...request, session: 's', told: true }).text).not.toContain('src/total.ts');
  });
});
