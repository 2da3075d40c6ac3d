import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Policies } from '../domain/policies.js';
import { parsePolicies } from './policies.js';

// As far from the sources as from what is built of them.
const FILE = fileURLToPath(new URL('../../templates/policies/default.yaml', import.meta.url));
let known: { readonly source: string; readonly policies: Policies } | undefined;

/** The policies that hold until an organisation has its own. */
export function shippedPolicies(): { readonly source: string; readonly policies: Policies } {
  if (!known) {
    const source = readFileSync(FILE, 'utf8');
    known = { source, policies: parsePolicies(source) };
  }
  return known;
}
