import type { JsonObject } from '../../src/domain/json.js';
import { startsOn } from '../../src/domain/trigger.js';

describe('startsOn', () => {
  const onFeature = { kind: 'label', label: 'feature' } as const;

  it('starts on the label that the trigger names', () => {
    expect(startsOn(onFeature, { type: 'issue.labeled', payload: { label: 'feature' } })).toBe(true);
    expect(startsOn(onFeature, { type: 'issue.labeled', payload: { label: 'Feature' } })).toBe(true);
    expect(startsOn(onFeature, { type: 'issue.labeled', payload: { label: 'bug' } })).toBe(false);
  });

  it('does not start on other events, nor by hand-started pipelines', () => {
    expect(startsOn(onFeature, { type: 'issue.created', payload: { label: 'feature' } })).toBe(false);
    expect(startsOn({ kind: 'manual' }, { type: 'issue.labeled', payload: { label: 'feature' } })).toBe(false);
    expect(startsOn({ kind: 'event', type: 'repo.push', filters: {} }, { type: 'repo.pr.opened', payload: {} })).toBe(
      false,
    );
  });
});

describe('a filter', () => {
  const starts = (filters: Record<string, string[]>, payload: JsonObject): boolean =>
    startsOn({ kind: 'event', type: 'repo.pr.opened', filters }, { type: 'repo.pr.opened', payload });

  it.each([
    [{}, {}, true],
    [{ base: ['main'] }, { base: 'main' }, true],
    [{ base: ['main'] }, { base: 'next' }, false],
    [{ base: ['release/*', 'main'] }, { base: 'release/1' }, true],
    [{ base: ['main'], label: ['bug'] }, { base: 'main', label: 'feature' }, false],
    [{ labels: ['bug'] }, { labels: ['docs', 'bug'] }, true],
    [{ labels: ['bug'] }, { labels: [] }, false],
    [{ number: ['3'], draft: ['false'] }, { number: 3, draft: false }, true],
    [{ label: ['good first (issue)'] }, { label: 'good first (issue)' }, true],
    [{ label: ['Good first (issue)'] }, { label: 'good first (Issue)' }, true],
    [{ labels: ['area/*', '!area/docs'] }, { labels: ['Area/API'] }, true],
    [{ label: ['area/*', '!area/docs'] }, { label: 'Area/Docs' }, false],
    [{ title: ['Area/*'] }, { title: 'area/API' }, false],
    [{ base: ['*'] }, {}, false],
    [{ base: ['*'] }, { base: null }, false],
    [{ 'pullRequest.base': ['main'] }, { pullRequest: { base: 'main' } }, true],
    [{ 'pullRequest.base': ['main'] }, { pullRequest: 'main' }, false],
    [{ 'pullRequest.base': ['main'] }, { pullRequest: null }, false],
    [{ 'labels.length': ['1'] }, { labels: ['bug'] }, false],
    [{ constructor: ['*'] }, { base: 'main' }, false],
  ] as const)('%j on %j: %s', (filters, payload, starting) => {
    expect(starts(filters as unknown as Record<string, string[]>, payload)).toBe(starting);
  });

  it('looks at files in any folder, hidden ones too, and leaves out what begins with !', () => {
    const code = ['**/*.{ts,tsx}'];
    expect(starts({ files: code }, { files: ['README.md', 'src/a/b.tsx'] })).toBe(true);
    expect(starts({ files: code }, { files: ['.hidden/a.ts'] })).toBe(true);
    expect(starts({ files: code }, { files: ['a.ts'] })).toBe(true);
    expect(starts({ files: code }, { files: ['README.md'] })).toBe(false);
    expect(starts({ files: [...code, '!test/**'] }, { files: ['test/a.ts'] })).toBe(false);
    expect(starts({ files: [...code, '!test/**'] }, { files: ['test/a.ts', 'src/a.ts'] })).toBe(true);
    expect(starts({ files: ['!docs/**'] }, { files: ['docs/a.md'] })).toBe(false);
    expect(starts({ files: ['!docs/**'] }, { files: ['docs/a.md', 'src/a.ts'] })).toBe(true);
    expect(starts({ files: ['!(docs)/*.md'] }, { files: ['src/a.md'] })).toBe(true);
  });
});

describe('a pull request that a run opens', () => {
  const opened = (ownPullRequests: boolean | undefined, run: number | null): boolean =>
    startsOn(
      { kind: 'event', type: 'repo.pr.opened', filters: {}, ...(ownPullRequests !== undefined && { ownPullRequests }) },
      { type: 'repo.pr.opened', payload: { run } },
    );

  it('starts a pipeline, unless its trigger leaves out such pull requests', () => {
    expect(opened(undefined, 7)).toBe(true);
    expect(opened(true, 7)).toBe(true);
    expect(opened(false, 7)).toBe(false);
    expect(opened(false, null)).toBe(true);
  });
});

describe('a push', () => {
  const starts = (filters: Record<string, string[]>, push: JsonObject): boolean =>
    startsOn(
      { kind: 'event', type: 'repo.push', filters },
      { type: 'repo.push', payload: { branch: 'main', defaultBranch: 'main', after: 'a'.repeat(40), ...push } },
    );

  it('starts on the default branch, and on others that the filter names', () => {
    expect(starts({}, {})).toBe(true);
    expect(starts({}, { branch: 'work/1' })).toBe(false);
    expect(starts({ branch: ['work/*'] }, { branch: 'work/1' })).toBe(true);
    expect(starts({ branch: ['work/*'] }, {})).toBe(false);
  });

  it('that removes a branch starts nothing', () => {
    expect(starts({}, { after: null })).toBe(false);
  });
});
