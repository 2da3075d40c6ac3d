import { searchAttributesOf } from '../../src/domain/search-attributes.js';

const run = {
  number: 7,
  pipeline: { name: 'build', version: 1 },
  priority: 'P1',
  repository: null,
  issue: null,
} as const;

describe('searchAttributesOf', () => {
  it('finds a run by number, pipeline, status and priority', () => {
    expect(Object.fromEntries(searchAttributesOf(run))).toEqual({
      BatonRun: '7',
      BatonPipeline: 'build',
      BatonStatus: 'running',
      BatonPriority: 'P1',
    });
  });

  it('finds it by its repository and issue, where it has them', () => {
    const repository = { id: 'r', name: 'demo', defaultBranch: 'main' };
    expect(Object.fromEntries(searchAttributesOf({ ...run, repository, issue: { number: 3 } }))).toMatchObject({
      BatonRepository: 'demo',
      BatonIssue: '3',
    });
  });
});
