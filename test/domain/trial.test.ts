import { hasPassed, stepOfTrial, trialWorkflowId } from '../../src/domain/trial.js';

describe('a trial', () => {
  it('has passed when it is done and everything that was tried passed', () => {
    expect(hasPassed('done', [{ status: 'pass' }])).toBe(true);
    expect(hasPassed('done', [{ status: 'pass' }, { status: 'inconclusive' }])).toBe(false);
    expect(hasPassed('done', [])).toBe(false);
    expect(hasPassed('cancelled', [{ status: 'pass' }])).toBe(false);
  });

  it('stands in the place of a step, under its own id', () => {
    const repository = { id: 'r', name: 'demo', defaultBranch: 'main' };
    const ref = { organisationId: 'o', projectId: 'p', trialId: 't', repository, requestedBy: 'lee' };
    expect(stepOfTrial(ref)).toMatchObject({ step: 'trial', item: null, run: { runId: 't', trial: true, repository } });
    expect(trialWorkflowId(ref)).toBe('trial-t');
  });
});
