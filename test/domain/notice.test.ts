import fc from 'fast-check';
import { fillIn, noticeWorkflowId, quietMsLeft } from '../../src/domain/notice.js';

const HOUR = 3600_000;
const at = (text: string) => Date.parse(text);

describe('quietMsLeft', () => {
  const night = { from: '22:00', to: '07:00', timeZone: 'UTC' };

  it('says how long the night still is, also over midnight', () => {
    expect(quietMsLeft(night, at('2026-01-01T21:59:59.999Z'))).toBe(0);
    expect(quietMsLeft(night, at('2026-01-01T22:00:00Z'))).toBe(9 * HOUR);
    expect(quietMsLeft(night, at('2026-01-02T06:59:59.500Z'))).toBe(500);
    expect(quietMsLeft(night, at('2026-01-02T07:00:00Z'))).toBe(0);
  });

  it('counts within a day, in the zone that is named', () => {
    const lunch = { from: '12:00', to: '13:30', timeZone: 'Asia/Kolkata' };
    expect(quietMsLeft(lunch, at('2026-01-01T06:29:00Z'))).toBe(0);
    expect(quietMsLeft(lunch, at('2026-01-01T06:30:00Z'))).toBe(1.5 * HOUR);
  });

  it('follows the clock into summer', () => {
    const berlin = { ...night, timeZone: 'Europe/Berlin' };
    expect(quietMsLeft(berlin, at('2026-01-15T06:00:00Z'))).toBe(0);
    expect(quietMsLeft(berlin, at('2026-07-15T04:59:00Z'))).toBe(60_000);
  });

  it('is over when it was waited for, at any time of day, where no clock changes', () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${h}`.padStart(2, '0') + `:${`${m}`.padStart(2, '0')}`);
    fc.assert(
      fc.property(time, time, fc.nat(10 * 24 * HOUR), (from, to, ms) => {
        const left = quietMsLeft({ from, to, timeZone: 'UTC' }, ms);
        expect(left).toBeLessThan(24 * HOUR);
        expect(quietMsLeft({ from, to, timeZone: 'UTC' }, ms + left)).toBe(0);
      }),
    );
  });
});

describe('noticeWorkflowId', () => {
  it('is one a delivery', () => {
    const ref = { organisationId: 'o', noticeId: 'n', round: 1 };
    expect(noticeWorkflowId(ref)).toBe('notice/n');
    expect(noticeWorkflowId({ ...ref, round: 2 })).toBe('notice/n/2');
  });
});

describe('fillIn', () => {
  it('puts facts in their places, and nothing where there is none', () => {
    expect(fillIn('{{ title }}: {{count}} of {{ none }}{', { title: 'A {{ count }}', count: 2 })).toBe(
      'A {{ count }}: 2 of {',
    );
  });
});
