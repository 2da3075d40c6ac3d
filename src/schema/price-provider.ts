import { z } from 'zod';
import { isPriceProvider } from './price-table.js';

/** Whose list prices count where the program reports tokens and no cost; `none`: its cost stays unknown. */
export const priceProvider = z
  .string()
  .max(60)
  .refine((id) => id === 'none' || isPriceProvider(id), {
    error: 'is a provider of the price table, such as openai, anthropic, google, azure or openrouter, or none',
  })
  .nullable()
  .default(null);
