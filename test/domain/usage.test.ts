import { cacheTokensOf, costOf } from '../../src/domain/usage.js';

const listPrice = { usd: 0.12, date: '2026-09-23', isMinimum: false };
const reported = { costUsd: 0.3, listPrice: null };
const listed = { costUsd: null, listPrice };
const unknown = { costUsd: null, listPrice: null };

describe('costOf', () => {
  it('adds up reported costs and list prices, and says how much of it is list price', () => {
    expect(costOf([reported, listed, listed])).toEqual({
      ...{ usd: 0.54, listPriceUsd: 0.24, isMinimum: false, unknownAttempts: 0 },
    });
  });

  it('counts attempts of unknown cost, and takes them neither for free nor for a guess', () => {
    expect(costOf([unknown])).toEqual({ usd: null, listPriceUsd: 0, isMinimum: false, unknownAttempts: 1 });
    expect(costOf([reported, unknown])).toMatchObject({ usd: 0.3, unknownAttempts: 1 });
    expect(costOf([])).toEqual({ usd: null, listPriceUsd: 0, isMinimum: false, unknownAttempts: 0 });
  });

  it('is a minimum where one of its list prices is', () => {
    const atLeast = { costUsd: null, listPrice: { ...listPrice, isMinimum: true } };
    expect(costOf([listed, atLeast])).toMatchObject({ isMinimum: true });
  });

  it('takes what the program reported before a list price', () => {
    expect(costOf([{ costUsd: 0.3, listPrice }])).toMatchObject({ usd: 0.3, listPriceUsd: 0 });
  });
});

describe('cacheTokensOf', () => {
  it('adds up what models read from and wrote to caches; what no model tells is unknown', () => {
    const tokens = { model: 'm', inputTokens: 9, outputTokens: 1, cacheWriteTokens: null };
    expect(
      cacheTokensOf([
        { ...tokens, cacheReadTokens: 2 },
        { ...tokens, cacheReadTokens: null },
      ]),
    ).toEqual({
      ...{ cacheReadTokens: 2, cacheWriteTokens: null },
    });
    expect(cacheTokensOf([])).toEqual({ cacheReadTokens: null, cacheWriteTokens: null });
  });
});
