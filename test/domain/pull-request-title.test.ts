import { pullRequestTitle } from '../../src/domain/pull-request-title.js';

const titleOf = (title: string, labels: readonly string[], pipeline = 'nightly'): string =>
  pullRequestTitle({ pipeline, description: null, number: 7, issue: { title, labels } });

describe('the title of a pull request whose step gives none', () => {
  it.each([
    ['a bug', 'Division by zero', ['bug'], 'fix: Division by zero'],
    ['a bug under a heading', 'Division by zero', ['kind/bug'], 'fix: Division by zero'],
    ['a feature', 'Multiplication', ['enhancement'], 'feat: Multiplication'],
    ['what no label names', 'Tidy up', ['P2'], 'Tidy up'],
    ['a title that is one already', 'docs(api): say more', ['bug'], 'docs(api): say more'],
    ['several lines', 'One\n two', [], 'One two'],
  ])('of %s', (_is, title, labels, expected) => {
    expect(titleOf(title, labels)).toBe(expected);
  });

  it('goes by the pipeline where no label says what it is', () => {
    expect(titleOf('Division by zero', [], 'bug-fix')).toBe('fix: Division by zero');
    expect(titleOf('Multiplication', [], 'feature-development')).toBe('feat: Multiplication');
  });

  it('is what the pipeline is for where there is no issue', () => {
    const work = { pipeline: 'nightly', number: 7, issue: null };
    expect(pullRequestTitle({ ...work, description: 'Tidy up' })).toBe('Tidy up');
    expect(pullRequestTitle({ ...work, description: null })).toBe('nightly, run #7');
  });

  it('is cut', () => {
    expect(titleOf('x'.repeat(300), [])).toHaveLength(200);
  });
});
