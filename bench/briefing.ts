import { openArtifact, replaceArtifact } from '../src/artifacts/artifacts.js';
import { batonStep, withAgentRepository } from './agent-repository.js';
import { absolute, quantile, type Measurement } from './measure.js';
import type { System } from './system.js';

const RUNS = 5;
const ASKED = 200;
/** As many as an attempt is shown at the most. */
const FILES = 12;
const LINES = 40;
const PROGRAM = `import { writeFileSync } from 'node:fs';
writeFileSync('edited.txt', String(process.hrtime.bigint()));
console.log(JSON.stringify({ type: 'result', summary: 'edited' }));
`;

/** How long the API takes to tell an agent all that there is to know of its task, over HTTP. */
export const briefing = (system: System): Promise<Measurement[]> =>
  withAgentRepository(system, { name: 'briefed', files: 50, program: PROGRAM }, async (repository) => {
    for (let run = 0; run < RUNS; run += 1) await batonStep(system, repository);
    const { url, token } = system.platform;
    const path = `${url}/api/agent/briefing/${await taskOf(system, repository.name)}`;
    const tookMs: number[] = [];
    for (let asked = 0; asked < ASKED; asked += 1) {
      const startedAt = performance.now();
      const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
      const { files } = (await answer.json()) as { files: unknown[] };
      tookMs.push(performance.now() - startedAt);
      if (files.length !== FILES) throw new Error(`the briefing tells of ${files.length} files`);
    }
    return [
      absolute('briefing of a task over HTTP, p95', 'ms', quantile(tookMs, 0.95), {
        text: 'under 100 ms',
        holds: (value) => value < 100,
      }),
    ];
  });

/** A task that all runs of the repository were for, whose newest attempt was shown as many files as any is. */
const taskOf = (system: System, name: string): Promise<string> =>
  system.within(async (tx) => {
    const { principal, projectId } = system;
    const { organisationId } = principal;
    const owned = { organisation_id: organisationId, project_id: projectId };
    const repository = await tx
      .selectFrom('repositories')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    const task = await tx
      .insertInto('tasks')
      .values({
        ...{ ...owned, repository_id: repository.id, requested_by: principal.personId },
        ...{ type: 'feature' as const, priority: 'P2' as const, title: 'Edit' },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const runs = await tx
      .updateTable('runs')
      .set({ task_id: task.id })
      .where('repository_id', '=', repository.id)
      .returning('id')
      .execute();
    const line = 'export const value = 1; // as long as a line of code usually is, or somewhat longer\n';
    const files = Array.from({ length: FILES }, (_, nth) => ({
      ...{ path: `package-${nth}/file.js`, why: ['its words stand in it'] },
      snippets: [{ from: 1, text: line.repeat(LINES) }],
    }));
    const of = { organisationId, runId: runs[0]!.id, step: 'edit', item: null, attempt: 1, kind: 'context' } as const;
    const { id } = await openArtifact(tx, { ...of, name: 'context.json', mediaType: 'application/json' });
    await replaceArtifact(tx, id, Buffer.from(JSON.stringify({ commit: 'a'.repeat(40), files })));
    return task.id;
  });
