import type { Territory } from '../domain/territory.js';
import type { Tx } from './connection.js';

/** The files that roles own in a project, by role. */
export const territoriesOf = (tx: Tx, projectId: string): Promise<Territory[]> =>
  tx
    .selectFrom('role_territories')
    .select(['role', 'globs'])
    .where('project_id', '=', projectId)
    .orderBy('role')
    .execute();

/** Says which files a role owns; no globs: whoever holds it is anywhere again. */
export async function saveTerritory(
  tx: Tx,
  {
    organisationId,
    projectId,
    role,
    globs,
  }: Territory & { readonly organisationId: string; readonly projectId: string },
): Promise<void> {
  if (globs.length === 0) {
    await tx.deleteFrom('role_territories').where('project_id', '=', projectId).where('role', '=', role).execute();
    return;
  }
  await tx
    .insertInto('role_territories')
    .values({ organisation_id: organisationId, project_id: projectId, role, globs: [...globs] })
    .onConflict((conflict) => conflict.columns(['project_id', 'role']).doUpdateSet({ globs: [...globs] }))
    .execute();
}
