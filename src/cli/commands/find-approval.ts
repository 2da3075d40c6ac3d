import type { z } from 'zod';
import { approval, approvalPage } from '../../schema/api/approval.js';
import type { ApiClient } from '../client/api-client.js';
import { CliError, EXIT } from '../exit-code.js';
import { isUuid } from '../is-uuid.js';

type Approval = z.output<typeof approval>;

/** An approval by its id, or the one that a run has open. */
export async function findApproval(client: ApiClient, reference: string): Promise<Approval> {
  if (isUuid(reference)) {
    try {
      return await client.get(`/api/approvals/${reference}`, approval);
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.notFound) throw error;
    }
  }
  const { items } = await client.get(
    `/api/approvals?${new URLSearchParams({ status: 'open', run: reference }).toString()}`,
    approvalPage,
  );
  if (items.length === 1) return items[0]!;
  if (items.length === 0)
    throw new CliError(
      EXIT.notFound,
      'no-open-approval',
      `Run ${reference} waits for no approval; \`baton show ${reference}\` says where it stands.`,
    );
  const known = items.map(({ id, step }) => `${step.name}: ${id}`).join(', ');
  throw new CliError(
    EXIT.usage,
    'several-approvals',
    `Run ${reference} waits for several approvals; name one of them: ${known}.`,
  );
}
