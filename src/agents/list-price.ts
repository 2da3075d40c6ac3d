import type { JsonObject } from '../domain/json.js';
import type { ListPrice } from '../domain/usage.js';
import type { AgentUsage } from '../schema/agent-output.js';
import { listPriceOf, PRICE_TABLE } from '../schema/price-table.js';
import { CODING_PROGRAMS } from './coding-programs.js';

/** The value of `priceProvider` in an agent's entry that leaves its cost unknown. */
const NO_PROVIDER = 'none';

/** Computes what an agent's tokens cost by list prices. Null: the program reported the cost, or it cannot be known. */
export type Pricing = (usage: AgentUsage, at?: Date) => ListPrice | null;

export function pricingOf(adapter: string, entry: JsonObject): Pricing {
  const named = textIn(entry, 'priceProvider');
  if (named === NO_PROVIDER) return () => null;
  const ownModel = textIn(entry, 'model');
  const baseUrl = textIn(entry, 'baseUrl');
  const usual = CODING_PROGRAMS.find(({ name }) => name === adapter)?.priceProvider ?? null;
  const provider = named ?? (baseUrl === null ? usual : null);
  return ({ costUsd, models = [] }, at = new Date()) => {
    if (costUsd !== null || models.length === 0) return null;
    const prices = models.map((tokens) => {
      const model = tokens.model ?? ownModel;
      return model === null ? null : listPriceOf(tokens, { model, provider, baseUrl }, at);
    });
    const known = prices.filter((price) => price !== null);
    if (known.length < prices.length) return null;
    const usd = known.reduce((sumUsd, price) => sumUsd + price.usd, 0);
    return {
      usd: Math.round(usd * 1e6) / 1e6,
      date: PRICE_TABLE.date,
      isMinimum: known.some(({ isMinimum }) => isMinimum),
    };
  };
}

function textIn(entry: JsonObject, name: string): string | null {
  const value = entry[name];
  return typeof value === 'string' ? value : null;
}
