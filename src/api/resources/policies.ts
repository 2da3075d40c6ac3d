import { z } from 'zod';
import type { Tx } from '../../db/connection.js';
import { decidePolicies, listPolicyVersions, policiesFor, policyOwners, proposePolicies } from '../../db/policies.js';
import { requireRepository } from '../../db/project-views.js';
import { projectQuery, uuid } from '../../schema/api/fields.js';
import {
  decidedPolicies,
  newPolicies,
  policies,
  policiesDecision,
  policiesQuery,
  proposedPolicies,
} from '../../schema/api/policies.js';
import { shippedPolicies } from '../../schema/shipped-policies.js';
import { route } from '../route.js';

const tag = 'Policies';

/** The repository whose policies are meant; null: the organisation's own. */
const ownerOf = async (tx: Tx, name: string | null | undefined, project: string | undefined) =>
  name === null || name === undefined ? null : requireRepository(tx, name, project);

export const policyRoutes = [
  route({
    method: 'get',
    path: '/policies',
    id: 'listPolicies',
    tag,
    summary: 'The versions of a policies.yaml: who decides what',
    role: 'reader',
    query: policiesQuery,
    response: policies,
    handle: ({ query, read }) =>
      read(async (tx) => {
        const repository = await ownerOf(tx, query.repository, query.project);
        return {
          holds: await policiesFor(tx, repository?.id ?? null),
          owners: await policyOwners(tx),
          shipped: shippedPolicies().source,
          versions: await listPolicyVersions(tx, { repositoryId: repository?.id ?? null }),
        };
      }),
  }),
  route({
    method: 'post',
    path: '/policies',
    id: 'proposePolicies',
    tag,
    summary: 'Propose a new version; it holds when another admin has approved it',
    role: 'admin',
    action: 'policies.propose',
    query: projectQuery,
    body: newPolicies,
    status: 201,
    response: proposedPolicies,
    handle: async ({ body: { source, repository: name, reason }, query, principal, write, about }) => {
      about(`policies:${name ?? 'organisation'}`, { reason });
      const id = await write(async (tx) =>
        proposePolicies(tx, { principal, repository: await ownerOf(tx, name, query.project), source, reason }),
      );
      return { id };
    },
  }),
  route({
    method: 'post',
    path: '/policies/:id/decision',
    id: 'decidePolicies',
    tag,
    summary: 'Let a proposed version hold, or refuse it',
    role: 'admin',
    action: 'policies.decide',
    params: z.object({ id: uuid }),
    body: policiesDecision,
    response: decidedPolicies,
    handle: async ({ params: { id }, body: { decision, note }, principal, write, about }) => {
      about(`policies:${id}`, { decision, note: note ?? null });
      await write((tx) => decidePolicies(tx, { principal, id, verdict: decision, note: note ?? null }));
      return { id, decision };
    },
  }),
];
