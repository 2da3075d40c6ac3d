import { startsOn } from '../../src/domain/trigger.js';

describe('startsOn', () => {
  const onFeature = { kind: 'label', label: 'feature' } as const;

  it('starts on the label that the trigger names', () => {
    expect(startsOn(onFeature, { type: 'issue.labeled', payload: { label: 'feature' } })).toBe(true);
    expect(startsOn(onFeature, { type: 'issue.labeled', payload: { label: 'bug' } })).toBe(false);
  });

  it('does not start on other events, nor by hand-started pipelines', () => {
    expect(startsOn(onFeature, { type: 'issue.created', payload: { label: 'feature' } })).toBe(false);
    expect(startsOn({ kind: 'manual' }, { type: 'issue.labeled', payload: { label: 'feature' } })).toBe(false);
  });
});
