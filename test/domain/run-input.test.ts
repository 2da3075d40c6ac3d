import { runRef, type RunInput } from '../../src/domain/run-input.js';

const input: RunInput = {
  runId: 'r',
  number: 7,
  organisationId: 'o',
  projectId: 'p',
  pipeline: { name: 'fix', version: 2 },
  repository: { id: 'd', name: 'demo', defaultBranch: 'main' },
  repositories: [],
  issue: { number: 3, slug: 'it-breaks', title: 'It breaks', body: '', labels: [] },
  context: {},
  priority: 'P2',
  taskId: 't',
  requestedBy: { id: 'm', handle: 'maya' },
  rerun: null,
  branchSuffix: '',
  depth: 0,
};

describe('runRef', () => {
  it('is what activities are told of a run', () => {
    expect(runRef(input)).toEqual({
      organisationId: 'o',
      projectId: 'p',
      runId: 'r',
      number: 7,
      pipeline: 'fix',
      repository: input.repository,
      issue: { number: 3, title: 'It breaks' },
      taskId: 't',
      requestedBy: 'maya',
    });
  });

  it('has no issue where the run has none', () => {
    expect(runRef({ ...input, issue: null }).issue).toBeNull();
  });
});
