import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries';
import type { Me } from '../api/schemas';

type Role = Me['role'];

/** Each role may do what those before it may. */
const LADDER: readonly Role[] = ['reader', 'reviewer', 'author', 'admin'];

/** Whether whoever is signed in holds a role. The API decides; this only spares buttons that would be refused. */
export function useHolds(needed: Role): boolean {
  const { data: me } = useQuery(meQuery);
  return me != null && LADDER.indexOf(me.role) >= LADDER.indexOf(needed);
}
