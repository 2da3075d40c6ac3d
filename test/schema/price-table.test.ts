import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import { listPriceOf, PRICE_TABLE, type Purchase } from '../../src/schema/price-table.js';
import type { ModelTokens } from '../../src/domain/usage.js';

const AT = new Date('2026-10-01T00:00:00Z');
const priceOf = (purchase: Partial<Purchase>, tokens: Partial<ModelTokens> = {}, at = AT) =>
  listPriceOf(
    {
      ...{ model: null, inputTokens: 100_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 10_000 },
      ...tokens,
    },
    { model: 'gpt-5', provider: null, baseUrl: null, ...purchase },
    at,
  );

describe('the price table', () => {
  it('is the data of the installed package, dated by the day of that version', () => {
    const path = new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
    // A new version: look up its day with `npm view @pydantic/genai-prices time`, and write both into PRICE_TABLE.
    expect((JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version).toBe(PRICE_TABLE.version);
  });

  it('prices a model by its exact id, or another exact id of the same model', () => {
    const price = { usd: 0.225, date: PRICE_TABLE.date, isMinimum: false };
    expect(priceOf({})).toEqual(price);
    expect(priceOf({ model: 'gpt-5-2025-08-07' })).toEqual(price);
  });

  it('leaves unknown what only resembles a model that it has', () => {
    // By itself the package takes the price of a model with a similar name.
    expect(calcPrice({ input_tokens: 1, output_tokens: 1 }, 'claude-sonnet-5-5')?.model.id).toBe('claude-sonnet-5');
    for (const model of ['claude-sonnet-5-5', 'claude-sonnet-5-20990101', 'gpt-5-nano-x', 'GPT-5', 'gpt', '', 'm'])
      expect(priceOf({ model })).toBeNull();
  });

  it('leaves unknown what is not sold by tokens of text', () => {
    expect(priceOf({ provider: 'openai', model: 'whisper-1' })).toBeNull();
    expect(priceOf({ provider: 'openai', model: 'moderation' })).toBeNull();
  });

  it('prices what was read from and written to a cache apart', () => {
    const model = 'claude-opus-5';
    expect(priceOf({ model }, { cacheReadTokens: 50_000, cacheWriteTokens: 20_000 })).toMatchObject({
      // Of a million: 5 plain, 0.5 read, 6.25 written, 25 out.
      ...{ usd: 0.03 * 5 + 0.05 * 0.5 + 0.02 * 6.25 + 0.01 * 25, isMinimum: false },
    });
  });

  it('is a minimum where the program does not tell what was written to a cache that costs more', () => {
    expect(priceOf({ model: 'claude-opus-5' }, { cacheWriteTokens: null })).toMatchObject({ isMinimum: true });
    expect(priceOf({ model: 'gpt-5' }, { cacheWriteTokens: null })).toMatchObject({ isMinimum: false });
  });

  it('is a minimum, at the price of short requests, where long ones cost more and there may have been some', () => {
    expect(priceOf({ model: 'gpt-5.4' })).toMatchObject({ usd: 0.4, isMinimum: false });
    expect(priceOf({ model: 'gpt-5.4' }, { inputTokens: 1_000_000 })).toMatchObject({ usd: 2.65, isMinimum: true });
  });

  it('leaves unknown tokens that cannot be', () => {
    expect(priceOf({}, { cacheReadTokens: 100_001 })).toBeNull();
  });

  it('takes the price of the day', () => {
    const of = (day: string) => priceOf({ model: 'gpt-5.6-luna' }, {}, new Date(day))?.usd;
    expect([of('2026-07-01'), of('2026-08-01')]).toEqual([0.16, 0.032]);
  });

  it('takes the prices of the provider that is named, or that answers at the address', () => {
    const openrouter = { baseUrl: 'https://openrouter.ai/api/v1' };
    expect(priceOf({ ...openrouter, model: 'openai/gpt-5' })).not.toBeNull();
    expect(priceOf({ ...openrouter, model: 'gpt-5' })).toBeNull();
    expect(priceOf({ provider: 'openrouter', model: 'openai/gpt-5' })).not.toBeNull();
    expect(priceOf({ provider: 'anthropic', model: 'gpt-5' })).toBeNull();
    // A gateway of one's own: the list price of who makes the model.
    expect(priceOf({ baseUrl: 'http://127.0.0.1:8000/v1' })).toMatchObject({ usd: 0.225 });
    expect(priceOf({ model: 'openai/gpt-5' })).toMatchObject({ usd: 0.225 });
    expect(priceOf({ model: 'nobody/gpt-5' })).toBeNull();
  });
});
