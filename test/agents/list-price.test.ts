import { pricingOf } from '../../src/agents/list-price.js';
import { codingEntry } from '../../src/schema/coding-entry.js';

const tokens = { inputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100 };
const usage = (...models: (string | null)[]) => ({
  ...{ inputTokens: 1_000, outputTokens: 100, costUsd: null },
  models: models.map((model) => ({ model, ...tokens })),
});

describe('pricingOf', () => {
  it('takes the model that the program reports before the one of the entry', () => {
    const price = pricingOf('gemini', { model: 'gemini-2.5-pro' });
    expect(price(usage(null))?.usd).toBe(0.00225);
    expect(price(usage('gemini-2.5-flash'))?.usd).toBe(0.00055);
    expect(price(usage('gemini-2.5-flash', 'gemini-2.5-flash-lite'))?.usd).toBe(0.00069);
  });

  it('leaves the whole unknown where one of several models is', () => {
    expect(pricingOf('gemini', {})(usage('gemini-2.5-flash', 'gemini-next'))).toBeNull();
    expect(pricingOf('codex', {})(usage(null))).toBeNull();
    expect(pricingOf('codex', { model: 'gpt-5' })({ ...usage(), models: [] })).toBeNull();
  });

  it('leaves what the program itself reports as it is', () => {
    expect(pricingOf('claude', { model: 'claude-opus-5' })({ ...usage(null), costUsd: 0.5 })).toBeNull();
  });

  it('takes the prices of the entry’s priceProvider; none leaves the cost unknown', () => {
    const entry = { model: 'gpt-oss-20b', baseUrl: 'http://127.0.0.1:11434/v1' };
    expect(pricingOf('codex', entry)(usage(null))).not.toBeNull();
    expect(pricingOf('codex', { ...entry, priceProvider: 'none' })(usage(null))).toBeNull();
    expect(pricingOf('codex', { ...entry, priceProvider: 'anthropic' })(usage(null))).toBeNull();
    expect(codingEntry.safeParse({ priceProvider: 'opanai' }).error?.issues).toMatchObject([
      { path: ['priceProvider'], message: expect.stringMatching(/^is a provider of the price table/) as string },
    ]);
  });
});
