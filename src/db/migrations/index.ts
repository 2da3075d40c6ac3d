import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.js';

/** Forward only, in order of their names. A migration that has landed is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001-initial': initial };
