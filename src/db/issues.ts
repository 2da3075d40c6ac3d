import { openTasks } from '../domain/checklist.js';
import type { JsonObject } from '../domain/json.js';
import { slugify } from '../domain/slug.js';
import type { Tx } from './connection.js';

/** An issue as pipelines see it: `{{ issue.title }}` and so on. */
export async function issueContext(tx: Tx, issueId: string): Promise<JsonObject> {
  const issue = await tx
    .selectFrom('issues as i')
    .innerJoin('people as p', 'p.id', 'i.author_id')
    .select(['i.number', 'i.title', 'i.body', 'i.acceptance_criteria', 'i.labels', 'p.handle as author'])
    .where('i.id', '=', issueId)
    .executeTakeFirstOrThrow();
  const checklist = openTasks(`${issue.acceptance_criteria}\n\n${issue.body}`);
  return { ...issue, slug: slugify(issue.title), checklist };
}
