import type { Action } from '../run-action.js';
import { persist } from '../persist.js';

/** The names of the project's repositories, for a step that is mapped over them. */
export const listRepositories: Action = async (deps, { ref: { run } }) => {
  const rows = await persist(deps, run.organisationId, (tx) =>
    tx
      .selectFrom('repositories')
      .select('name')
      .where('project_id', '=', run.projectId)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute(),
  );
  return { output: { names: rows.map(({ name }) => name) } };
};
