import { z } from 'zod';
import type { Plan } from '../domain/plan.js';
import type { Member, PreconditionFacts } from '../domain/preconditions.js';
import { roleEntry } from '../schema/agent-entry.js';
import { candidates } from './candidates.js';
import type { Tx } from './connection.js';
import { calledPipelines } from './runs.js';
import { liveWorkers } from './worker-reports.js';

const programEntry = z.object({
  program: z.string().nullable().default(null),
  keys: z.array(z.string()).nullable().default(null),
  baseUrl: z.string().nullable().default(null),
  signIn: z.string().nullable().default(null),
});

/** What the record knows of whether runs of a project can succeed: its agents, and what the workers have. */
export async function preconditionFacts(
  tx: Tx,
  projectId: string,
  repository: string | null,
  plan: Plan,
): Promise<Omit<PreconditionFacts, 'checks'>> {
  return {
    plan,
    called: Object.values(await calledPipelines(tx, projectId, plan)).map((child) => child.plan),
    agents: await members(tx, projectId, repository),
    workers: await liveWorkers(tx),
  };
}

async function members(tx: Tx, projectId: string, repository: string | null): Promise<Member[]> {
  const known = await candidates(tx, projectId, repository);
  const rows = await tx
    .selectFrom('agents')
    .select(['id', 'adapter', 'entry'])
    .where('project_id', '=', projectId)
    .execute();
  const entries = new Map(rows.map(({ id, ...row }) => [id, row]));
  return known.flatMap((candidate) => {
    const row = entries.get(candidate.id);
    if (!row) return [];
    const stands = row.adapter === 'role' ? roleEntry.safeParse(row.entry) : null;
    const { data } = programEntry.safeParse(row.entry);
    return [
      {
        ...candidate,
        adapter: row.adapter,
        standsFor: stands?.data ?? null,
        entry: {
          program: data?.program ?? null,
          keys: data?.keys ?? null,
          hasBaseUrl: data !== undefined && data.baseUrl !== null,
          usesLogin: data?.signIn === 'login',
        },
      },
    ];
  });
}
