/** Uids that no distribution gives to a person or a service: from 61,184 on systemd gives them to services. */
export const AGENT_UIDS = { first: 61_000, count: 184 } as const;

interface Loan {
  readonly uid: number;
  users: number;
}

const loans = new Map<string, Loan>();

/**
 * Lends a uid for as long as a sandbox runs: limits count by uid, so that agents of one uid could stop each other.
 * Sandboxes of one workspace share theirs, since its files are given to it.
 */
export async function withAgentUid<T>(workspace: string, use: (uid: number) => Promise<T>): Promise<T> {
  const loan = loans.get(workspace) ?? { uid: freeUid(), users: 0 };
  loans.set(workspace, loan);
  loan.users += 1;
  try {
    return await use(loan.uid);
  } finally {
    loan.users -= 1;
    if (loan.users === 0) loans.delete(workspace);
  }
}

/** Workers of one host begin at different places. Where all are lent one is shared. */
function freeUid(): number {
  const lent = new Set([...loans.values()].map(({ uid }) => uid));
  const uids = Array.from(
    { length: AGENT_UIDS.count },
    (_, index) => AGENT_UIDS.first + ((process.pid + index) % AGENT_UIDS.count),
  );
  return uids.find((uid) => !lent.has(uid)) ?? uids[0]!;
}
