import type { Run } from '../api/schemas';

/** What people call a run: what it was asked for, else its pipeline. */
export const runTitle = ({ issue, pipeline }: { readonly issue: Run['issue']; readonly pipeline: string }): string =>
  issue?.title ?? pipeline;
