/** An author or committer of a commit. */
export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Author and committer of commits that Baton makes itself. */
export const BATON: CommitIdentity = { name: 'Baton', email: 'baton@localhost' };
