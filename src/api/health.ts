import { Router } from 'express';
import { sql } from 'kysely';
import { MIGRATIONS } from '../db/migrations/index.js';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { isTemporalAway } from './away.js';
import type { ApiDeps } from './deps.js';

const CHECK_MS = 2_000;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `/healthz`: the process lives. `/readyz`: it can work, or what keeps it from that. Neither needs a key. */
export function health(deps: ApiDeps): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    const checks = await Promise.all([
      check('database', 'it cannot be reached', () => sql`select 1`.execute(deps.db)),
      check('migrations', 'the schema is not at this version; run the migrations', () => requireMigrations(deps)),
      check('temporal', 'it cannot be reached', () => reachTemporal(deps)),
      check('search-attributes', 'runs would hang: start a worker, which registers them', () =>
        requireSearchAttributes(deps),
      ),
    ]);
    const ready = checks.every(({ ok }) => ok);
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
  });
  return router;
}

async function check(name: string, otherwise: string, work: () => Promise<unknown>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), CHECK_MS);
  });
  try {
    await Promise.race([work(), late]);
    return { name, ok: true, detail: 'ok' };
  } catch {
    return { name, ok: false, detail: otherwise };
  } finally {
    clearTimeout(timer);
  }
}

async function requireMigrations({ db }: ApiDeps): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const there = new Set(rows.map(({ name }) => name));
  if (!Object.keys(MIGRATIONS).every((name) => there.has(name))) throw new Error('migrations are missing');
}

const reachTemporal = ({ temporal }: ApiDeps): Promise<unknown> =>
  temporal.withDeadline(Date.now() + CHECK_MS, () =>
    temporal.connection.workflowService.describeNamespace({ namespace: temporal.options.namespace }),
  );

/** Where the service does not let us ask, as Temporal Cloud does not, it is the operator's to see to. */
async function requireSearchAttributes({ temporal }: ApiDeps): Promise<void> {
  const { namespace } = temporal.options;
  let known: Readonly<Record<string, unknown>>;
  try {
    const answer = await temporal.withDeadline(Date.now() + CHECK_MS, () =>
      temporal.connection.operatorService.listSearchAttributes({ namespace }),
    );
    known = answer.customAttributes;
  } catch (error) {
    if (isTemporalAway(error)) throw error;
    return;
  }
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in known));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
}
