import { channelFor, dueTimes, durationText, escalationWorkflowId, raised } from '../../src/domain/escalation.js';

const MINUTE = 60_000;

describe('dueTimes', () => {
  it('counts levels from the start of the path, and the path from when its cause has lasted long enough', () => {
    const path = {
      cause: 'agent-blocked' as const,
      afterMs: 15 * MINUTE,
      levels: [0, 30, 60].map((minutes) => ({ atMs: minutes * MINUTE, actions: [] })),
    };
    expect(dueTimes(path, 1_000)).toEqual([15, 45, 75].map((minutes) => 1_000 + minutes * MINUTE));
  });
});

describe('channelFor', () => {
  it('reaches the author where the path says so, and there is one', () => {
    expect(channelFor('@author', { author: 'maya' })).toBe('@maya');
    expect(channelFor('@author', {})).toBe('@author');
    expect(channelFor('#agent-ops', { author: 'maya' })).toBe('#agent-ops');
  });
});

describe('raised', () => {
  it('goes up by one, to the top', () => {
    expect((['P3', 'P2', 'P1', 'P0'] as const).map(raised)).toEqual(['P2', 'P1', 'P0', 'P0']);
  });
});

describe('durationText', () => {
  it('reads as people say it', () => {
    const texts = [0, 59_999, 15 * MINUTE, 75 * MINUTE, 24 * 60 * MINUTE, (8 * 24 * 60 + 61) * MINUTE].map(
      durationText,
    );
    expect(texts).toEqual(['0 min', '0 min', '15 min', '1 h 15 min', '1 d', '8 d 1 h 1 min']);
  });
});

it('an escalation has one workflow', () => {
  expect(escalationWorkflowId('e')).toBe('escalation/e');
});
