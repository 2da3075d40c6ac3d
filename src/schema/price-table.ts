import {
  calcPrice,
  findProvider,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice,
  type Provider,
  type TieredPrices,
} from '@pydantic/genai-prices';
import type { ListPrice, ModelTokens } from '../domain/usage.js';

/**
 * The price table is the data that the package brings along: nothing is fetched. It says of itself only its version, so
 * the day on which that version was published stands here. `package.json` pins the version.
 */
export const PRICE_TABLE = { version: '0.1.8', date: '2026-09-23' } as const;

/** Where a model is bought. */
export interface Purchase {
  /** Exact id of the model. */
  readonly model: string;
  /** Id of a provider of the table; null: found by the address, else by who makes the model. */
  readonly provider: string | null;
  /** Where the model answers; null: at its program's usual provider. */
  readonly baseUrl: string | null;
}

/** Whether the table has a provider of this very id. */
export const isPriceProvider = (id: string): boolean => findProvider({ providerId: id })?.id === id;

/**
 * What tokens cost by the list prices of one day. Null where the table does not have this exact model id: the package by
 * itself would take the price of a model with a similar name.
 */
export function listPriceOf(tokens: ModelTokens, purchase: Purchase, at: Date): ListPrice | null {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = tokens;
  if ((cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0) > inputTokens) return null;
  const found = findModel(purchase);
  if (!found) return null;
  const usage = {
    input_tokens: inputTokens,
    cache_read_tokens: cacheReadTokens ?? 0,
    cache_write_tokens: cacheWriteTokens ?? 0,
    output_tokens: outputTokens,
  };
  const { id } = found.model;
  const price = calcPrice(usage, id, { provider: onlyOf(found), timestamp: at });
  // Without both prices the model is not sold by tokens of text.
  if (price?.model_price['input_mtok'] === undefined || price.model_price['output_mtok'] === undefined) return null;
  const mayBeLarge = tiersOf(found.model).some((start) => inputTokens > start);
  const mayBeWritten = cacheWriteTokens === null && price.model_price['cache_write_mtok'] !== undefined;
  return {
    usd: Math.round(price.total_price * 1e6) / 1e6,
    date: PRICE_TABLE.date,
    isMinimum: mayBeLarge || mayBeWritten,
  };
}

interface Found {
  readonly provider: Provider;
  readonly model: ModelInfo;
}

function findModel({ model: id, provider: named, baseUrl }: Purchase): Found | null {
  const [prefix, rest] = splitPrefix(id);
  const atAddress = baseUrl === null ? undefined : findProvider({ providerApiUrl: baseUrl });
  if (named !== null) return exactly(byId(named), id);
  if (atAddress) return exactly(atAddress, id);
  return prefix === null ? exactly(findProvider({ modelId: id }), id) : exactly(byId(prefix), rest);
}

const byId = (id: string): Provider | undefined => (isPriceProvider(id) ? findProvider({ providerId: id }) : undefined);

/** `openai/gpt-5` in its parts. */
function splitPrefix(id: string): readonly [prefix: string | null, rest: string] {
  const at = id.indexOf('/');
  return at === -1 ? [null, id] : [id.slice(0, at), id.slice(at + 1)];
}

/** The model by its id, or by another id that the table says is the same model. */
function exactly(provider: Provider | undefined, id: string): Found | null {
  const model = provider?.models.find((one) => one.id === id || idsIn(one.match).includes(id));
  return provider && model ? { provider, model } : null;
}

function idsIn(match: MatchLogic): readonly string[] {
  if ('equals' in match) return [match.equals];
  return 'or' in match ? match.or.flatMap(idsIn) : [];
}

/**
 * The provider with this model alone, at the prices of short requests: longer requests may cost more, and the tokens of
 * an attempt are those of many requests.
 */
function onlyOf({ provider, model }: Found): Provider {
  const prices = Array.isArray(model.prices)
    ? model.prices.map((entry) => ({ ...entry, prices: withoutTiers(entry.prices) }))
    : withoutTiers(model.prices);
  return { ...provider, fallback_model_providers: [], models: [{ ...model, match: { equals: model.id }, prices }] };
}

const withoutTiers = (prices: ModelPrice): ModelPrice =>
  Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, isTiered(price) ? price.base : price]));

/** From how many tokens of input on a request may cost more. */
const tiersOf = ({ prices }: ModelInfo): readonly number[] =>
  (Array.isArray(prices) ? prices.map((entry) => entry.prices) : [prices]).flatMap((one) =>
    Object.values(one).flatMap((price) => (isTiered(price) ? price.tiers.map(({ start }) => start) : [])),
  );

/** The bundled data has tiers as plain objects. */
const isTiered = (price: ModelPrice[string]): price is TieredPrices => typeof price === 'object';
