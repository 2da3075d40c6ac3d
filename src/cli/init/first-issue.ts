import { issuePage, openedIssue } from '../../schema/api/issue.js';
import { allPages } from '../client/all-pages.js';
import type { ApiClient } from '../client/api-client.js';

export interface FirstIssue {
  /** Null: it was a dry run. */
  readonly number: number | null;
  readonly title: string;
  /** Whether it was open before. */
  readonly again: boolean;
}

/** Opens an issue without labels, so that nothing starts; an open one with the same title is used. */
export async function openFirstIssue(
  client: ApiClient,
  repository: string,
  { title, body }: { readonly title: string; readonly body: string },
): Promise<FirstIssue> {
  const at = `/api/repositories/${encodeURIComponent(repository)}/issues`;
  const open = await allPages(client, `${at}?state=open`, issuePage);
  const known = open.find((issue) => issue.title === title);
  if (known) return { number: known.number, title, again: true };
  const { number } = await client.post(at, openedIssue, { body: { title, body } });
  return { number, title, again: false };
}
