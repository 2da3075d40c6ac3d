import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EscalationActivities } from '../../domain/escalation.js';
import { parseEscalationPath } from '../../schema/escalation.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

/** The path of a cause as it is now: a change of it holds for what begins after. */
export const beginEscalation =
  (deps: ActivityDeps): EscalationActivities['beginEscalation'] =>
  async ({ organisationId, escalationId }) => {
    const { cause, status } = await persist(deps, organisationId, (tx) =>
      tx.selectFrom('escalations').select(['cause', 'status']).where('id', '=', escalationId).executeTakeFirstOrThrow(),
    );
    if (status !== 'open') return null;
    const file = join(deps.templatesDirectory, 'escalations', `${cause}.yaml`);
    return parseEscalationPath(await readFile(file, 'utf8'), file);
  };
