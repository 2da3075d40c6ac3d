import { appendAudit } from '../db/audit.js';
import type { Tx } from '../db/connection.js';
import type { JsonObject } from '../domain/json.js';
import type { Asker } from './forge.js';

/** The audit row of what a person did to a repository, in the transaction of the act. */
export const auditRepository = (
  tx: Tx,
  { organisationId, personId, handle, origin }: Asker,
  action: string,
  name: string,
  details: JsonObject = {},
): Promise<void> =>
  appendAudit(tx, {
    organisationId,
    actor: { kind: 'person', id: personId, name: handle },
    action: `repository.${action}`,
    resource: `repository:${name}`,
    details,
    outcome: 'success',
    ...origin,
  });
