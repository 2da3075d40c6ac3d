import { isRepeated, refuseCron, temporalCrons } from '../../src/domain/cron.js';

const crons = (cron: string, timeZone = 'Europe/Berlin', years = 1) =>
  temporalCrons(cron, timeZone, { from: 2027, years });

describe('a cron expression', () => {
  it.each([
    ['0 9 * * 1', null],
    ['*/15 0-6,20 1,15 jan-mar sun', null],
    ['0 9 * *', 'a cron expression has five fields (minute hour day month weekday), this one has 4'],
    ['60 9 * * 1', '60 is no minute (0 to 59)'],
    ['0 9-8 * * 1', '9-8 is no hour (0 to 23)'],
    ['0 9 * * 1/0', '1/0 is no day of the week (0 to 7)'],
    ['0 9 * foo 1', 'foo is no month (1 to 12)'],
    ['0 9 x? * 1', 'x? is no day of the month (1 to 31)'],
  ])('%s: %s', (cron, fault) => {
    expect(refuseCron(cron)).toBe(fault);
  });

  it('has either day where both are restricted', () => {
    expect(crons('0 9 13 * fri')).toEqual(['0 9 13 * *', '0 9 * * fri']);
    expect(crons('0 9 */2 * fri')).toEqual(['0 9 */2 * fri']);
  });
});

describe('a time that the clock skips', () => {
  // Berlin: 28 March 2027, 02:00 to 03:00.
  it.each([
    ['0 2 * 3 0', ['0 3 28 3 * 2027']],
    ['0 2 * 3 7', ['0 3 28 3 * 2027']],
    ['*/15 2 * * *', ['0 3 28 3 * 2027']],
    ['59 0-2 28 3 *', ['0 3 28 3 * 2027']],
    ['30 2 1 * 0', ['0 3 28 3 * 2027']],
    ['30/10 2/3 * * *', ['0 3 28 3 * 2027']],
    ['30 2 27 * *', []],
    ['30 3 * * *', []],
    ['30 2 * 4 0', []],
    ['30 2 * * 1', []],
  ])('of %s is the next one that exists: %j', (cron, moved) => {
    expect(crons(cron).filter((one) => one.split(' ').length === 6)).toEqual(moved);
  });

  it('is found in each year, half an hour and a whole day long, and not where clocks do not jump', () => {
    expect(crons('30 2 * * *', 'America/New_York', 2).slice(1)).toEqual(['0 3 14 3 * 2027', '0 3 12 3 * 2028']);
    expect(crons('15 2 * * *', 'Australia/Lord_Howe').slice(1)).toEqual(['30 2 3 10 * 2027']);
    expect(temporalCrons('0 9 * * *', 'Pacific/Apia', { from: 2011, years: 1 }).slice(1)).toEqual(['0 0 31 12 * 2011']);
    expect(crons('30 2 * * *', 'UTC').slice(1)).toEqual([]);
  });
});

describe('a time that the clock shows twice', () => {
  // Berlin: 31 October 2027, 03:00 back to 02:00 at 01:00 UTC.
  it.each([
    ['30 2 * * *', '2027-10-31T00:30:00Z', false],
    ['30 2 * * *', '2027-10-31T01:30:00Z', true],
    ['0 * * * *', '2027-10-31T01:00:00Z', false],
    ['0 3 * * *', '2027-10-31T02:00:00Z', false],
    ['30 2 * * *', '2027-10-30T00:30:00Z', false],
  ])('of %s at %s is repeated: %s', (cron, at, repeated) => {
    expect(isRepeated(cron, 'Europe/Berlin', Date.parse(at))).toBe(repeated);
  });
});
