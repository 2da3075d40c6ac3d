import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client';
import { isNotSignedIn } from './problem-error';
import type { BulkAction, Me } from './schemas';
import type { paths } from './types';

/** Most that the API gives on one page. */
const WHOLE = '200';
const PAGE = '30';
/** Each with a change to be drawn. */
const FEW = '10';
/** A change that was published does not change any more; a longer one may follow it. */
const DIFF_STALE_MS = 60_000;

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }): Promise<Me | null> =>
    answerOf(client.GET('/api/me', { signal })).catch((error: unknown) => {
      if (isNotSignedIn(error)) return null;
      throw error;
    }),
  staleTime: Infinity,
});

export interface RunFilter {
  readonly status?: string | undefined;
  readonly repository?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly q?: string | undefined;
}

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        client.GET('/api/runs', {
          params: { query: { ...given(filter), limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** What an act on the runs of a filter would touch, as it is now. */
export const bulkPreviewQuery = (action: BulkAction, filter: RunFilter) =>
  queryOptions({
    queryKey: ['bulk', action, filter],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/bulk', { params: { query: { ...given(filter), action } }, signal })),
    gcTime: 0,
    staleTime: Infinity,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => answerOf(client.GET('/api/runs/{id}', { params: { path: { id } }, signal })),
  });

/** What a step changed. Its commit is part of the key: another one, another diff. */
export const stepDiffQuery = (run: string, step: string, commit: string) =>
  queryOptions({
    queryKey: ['diff', run, step, commit],
    queryFn: ({ signal }) =>
      answerOf(
        client.GET('/api/runs/{id}/diff', {
          params: { path: { id: run }, query: { step } },
          signal,
        }),
      ),
    staleTime: DIFF_STALE_MS,
  });

/** What was refused of an attempt. Nothing tells that there is more of it: whoever shows one at work asks again. */
export const refusalsQuery = (run: string, step: string, item: number | null, attempt: number) =>
  queryOptions({
    queryKey: ['refusals', run, step, item, attempt],
    queryFn: ({ signal }) =>
      answerOf(
        client.GET('/api/runs/{id}/refusals', {
          params: {
            path: { id: run },
            query: { step, attempt: String(attempt), ...(item !== null && { item: String(item) }), limit: WHOLE },
          },
          signal,
        }),
      ),
  });

/** The change that an approval is bound to. */
export const approvalDiffQuery = (approval: string, commit: string) =>
  queryOptions({
    queryKey: ['diff', 'approval', approval, commit],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/approvals/{id}/diff', { params: { path: { id: approval } }, signal })),
    staleTime: DIFF_STALE_MS,
  });

type ApprovalFilter = NonNullable<paths['/api/approvals']['get']['parameters']['query']>;

/** Approvals page by page; those that wait with the longest waiting first, those that are settled with the last first. */
const approvalsQuery = (filter: ApprovalFilter) =>
  infiniteQueryOptions({
    queryKey: ['approvals', filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        client.GET('/api/approvals', {
          params: { query: { ...filter, ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const waitingApprovalsQuery = (waiting: 'me' | 'others') =>
  approvalsQuery({ waiting, order: 'risk', limit: FEW });

export const settledApprovalsQuery = approvalsQuery({ status: 'settled', limit: FEW });

/** How many approvals are open, and how many of them wait for me. */
export const approvalCountQuery = queryOptions({
  queryKey: ['approvals', 'count'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/approvals/count', { signal })),
});

/** Open questions, the longest open first. */
export const waitingQuestionsQuery = (waiting: 'me' | 'others') =>
  queryOptions({
    queryKey: ['questions', waiting],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/questions', { params: { query: { waiting, order: 'oldest', limit: PAGE } }, signal })),
  });

/** How many questions are open, and how many of them wait for me. */
export const questionCountQuery = queryOptions({
  queryKey: ['questions', 'count'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/questions/count', { signal })),
});

/** What of a run lasts too long. */
export const runEscalationsQuery = (run: string) =>
  queryOptions({
    queryKey: ['escalations', run],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/escalations', { params: { query: { run, limit: PAGE } }, signal })),
  });

/** Who decides what: of the organisation, or of a repository. */
export const policiesQuery = (repository: string | undefined) =>
  queryOptions({
    queryKey: ['policies', repository ?? null],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/policies', { params: { query: given({ repository }) }, signal })),
  });

/** When I am away. */
export const absencesQuery = queryOptions({
  queryKey: ['absences'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/me/absences', { signal })),
});

export const repositoriesQuery = queryOptions({
  queryKey: ['repositories'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/repositories', { params: { query: { limit: WHOLE } }, signal })),
  staleTime: 60_000,
});

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/pipelines', { params: { query: { limit: WHOLE } }, signal })),
  staleTime: 60_000,
});

const given = <T extends object>(filter: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== '')) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** Those that a step can be given to. */
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/agents', { params: { query: { limit: WHOLE } }, signal })),
});

/** An agent by its name, which is one project's where there are several. */
export interface AgentOf {
  readonly name: string;
  readonly project?: string | undefined;
}

export const agentQuery = ({ name, project }: AgentOf) =>
  queryOptions({
    queryKey: ['agents', 'one', name, project ?? null],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/agents/{name}', { params: { path: { name }, query: given({ project }) }, signal })),
  });

/** What an agent worked on in all runs, the newest first. */
export const agentAttemptsQuery = ({ name, project }: AgentOf) =>
  infiniteQueryOptions({
    queryKey: ['agents', 'attempts', name, project ?? null],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        client.GET('/api/agents/{name}/attempts', {
          params: {
            path: { name },
            query: { ...given({ project }), limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** What an agent asks and nobody has answered, the longest open first. */
export const agentQuestionsQuery = (agent: string) =>
  queryOptions({
    queryKey: ['questions', 'agent', agent],
    queryFn: ({ signal }) =>
      answerOf(
        client.GET('/api/questions', {
          params: { query: { agent, status: 'open', order: 'oldest', limit: PAGE } },
          signal,
        }),
      ),
  });

/** The programs that people write code with, and which agents are registered of them. */
export const agentProgramsQuery = queryOptions({
  queryKey: ['agents', 'programs'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/agent-programs', { signal })),
});

/** Where new work is held back. */
export const breakersQuery = queryOptions({
  queryKey: ['agents', 'breakers'],
  queryFn: ({ signal }) => answerOf(client.GET('/api/breakers', { signal })),
});
