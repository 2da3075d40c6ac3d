import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tx } from '../db/connection.js';
import type { Principal } from '../db/people.js';
import { savePipeline } from '../db/pipelines.js';
import type { Plan } from '../domain/plan.js';
import { BatonError } from '../domain/errors.js';
import { compilePipeline } from '../schema/pipeline/compile-pipeline.js';
import { PACKAGE_ROOT } from './package-root.js';

/**
 * The built-in pipelines. In a new project those are active that people start, by a label or by hand; one that events or the
 * clock would start waits until somebody activates it. One that a person has changed or archived stays as it is.
 */
export async function seedPipelines(tx: Tx, principal: Principal, projectId: string): Promise<void> {
  const directory = join(PACKAGE_ROOT, 'templates');
  const known = new Set(
    (await tx.selectFrom('pipelines').select('name').where('project_id', '=', projectId).execute()).map(
      ({ name }) => name,
    ),
  );
  for (const file of (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort()) {
    const source = await readFile(join(directory, file), 'utf8');
    const compiled = compilePipeline(source, { file });
    if (compiled.kind === 'refused')
      throw new BatonError(
        'template-broken',
        `The built-in pipeline ${file} does not compile: ${compiled.diagnostics[0]!.message}`,
      );
    if (known.has(compiled.plan.name)) continue;
    await savePipeline(tx, {
      principal,
      projectId,
      source,
      plan: compiled.plan,
      unavailable: compiled.unavailable,
      activate: compiled.unavailable.length === 0 && !startsByItself(compiled.plan),
    });
  }
}

const startsByItself = ({ triggers }: Plan): boolean =>
  triggers.some(({ kind }) => kind === 'event' || kind === 'schedule');
