import { isOutsideEvent, isOutsidePattern, matchesSubject, pipelineNamedBy } from '../../src/domain/outside-event.js';

describe('events of other systems', () => {
  it.each([
    ['graph.file.updated', true],
    ['audit.result.sast', true],
    ['workflow.trigger.deploy-web', true],
    ['audit.result', false],
    ['audit.result.a.b', false],
    ['audit.result.*', false],
    ['repo.push', false],
    ['workflow.trigger.', false],
  ])('%s: %s', (type, is) => {
    expect(isOutsideEvent(type)).toBe(is);
  });

  it.each([
    ['audit.result.*', true],
    ['audit.result.sast', true],
    ['graph.*.updated', true],
    ['graph.file.deleted', false],
    ['graph.*', false],
  ])('a trigger may wait for %s: %s', (pattern, may) => {
    expect(isOutsidePattern(pattern)).toBe(may);
  });

  it('match by segments', () => {
    expect(matchesSubject('audit.result.*', 'audit.result.sast')).toBe(true);
    expect(matchesSubject('audit.*', 'audit.result.sast')).toBe(false);
    expect(matchesSubject('repo.push', 'repo.push')).toBe(true);
  });

  it('may name a pipeline', () => {
    expect(pipelineNamedBy('workflow.trigger.nightly')).toBe('nightly');
    expect(pipelineNamedBy('graph.file.updated')).toBeNull();
  });
});
