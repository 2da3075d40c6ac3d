import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, client } from './client';
import { ProblemError } from './problem-error';
import { repositoriesQuery } from './queries';
import type { Trial } from './schemas';

/** A repository by its name, which is one project's where there are several. */
export interface RepositoryOf {
  readonly name: string;
  readonly project?: string | undefined;
}

interface Act {
  /** The same act sent again keeps its key, and counts once. */
  readonly key: string;
}

const POLL_MS = 1_000;
/** As long as the server gives an import. */
const IMPORT_MS = 30 * 60_000;
/** Refusals of an import that is still going on. */
const STILL_IMPORTING = ['timeout', 'request-in-flight'];

const at = ({ name, project }: RepositoryOf) => ({
  path: { name },
  query: project === undefined ? {} : { project },
});
const keyOf = ({ name, project }: RepositoryOf) => [name, project ?? null] as const;
const header = ({ key }: Act) => ({ 'Idempotency-Key': key });

export const isTrialOpen = ({ status }: Pick<Trial, 'status'>): boolean => status === 'pending' || status === 'running';

/** What Baton detects, and the configuration that it proposes. */
export const proposalQuery = (repository: RepositoryOf) =>
  queryOptions({
    queryKey: ['proposal', ...keyOf(repository)],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/repositories/{name}/proposal', { params: at(repository), signal })),
    staleTime: Infinity,
    retry: false,
  });

/** The trials of a repository, newest first. No event reports their progress: the query polls while one is open. */
export const trialsQuery = (repository: RepositoryOf) =>
  queryOptions({
    queryKey: ['trials', ...keyOf(repository)],
    queryFn: ({ signal }) =>
      answerOf(client.GET('/api/repositories/{name}/trials', { params: at(repository), signal })),
    refetchInterval: ({ state }) => (state.data?.items.some(isTrialOpen) ? POLL_MS : false),
  });

export interface AddRepository extends Act {
  readonly name: string;
  readonly source: string;
  /** Null: that of the source. */
  readonly defaultBranch: string | null;
}

/** Imports a repository. A large one takes longer than one request: the act is sent again until it is done. */
export function useAddRepository() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: AddRepository) =>
      answerOf(
        client.POST('/api/repositories', {
          params: { header: header(act) },
          body: { name: act.name, source: act.source, defaultBranch: act.defaultBranch },
        }),
      ),
    retry: (failures, error) =>
      error instanceof ProblemError && STILL_IMPORTING.includes(error.code) && failures * POLL_MS < IMPORT_MS,
    retryDelay: POLL_MS,
    onSuccess: () => queries.invalidateQueries({ queryKey: repositoriesQuery.queryKey }),
  });
}

export function useStartTrial(repository: RepositoryOf) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act & { readonly config: string }) =>
      answerOf(
        client.POST('/api/repositories/{name}/trials', {
          params: { ...at(repository), header: header(act) },
          body: { config: act.config },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: trialsQuery(repository).queryKey }),
  });
}

export function useCancelTrial(repository: RepositoryOf) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act & { readonly id: string }) => {
      const { path, query } = at(repository);
      return answerOf(
        client.POST('/api/repositories/{name}/trials/{id}/cancel', {
          params: { path: { ...path, id: act.id }, query, header: header(act) },
        }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: trialsQuery(repository).queryKey }),
  });
}

export function useAcceptConfiguration(repository: RepositoryOf) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act & { readonly config: string; readonly replace: boolean }) =>
      answerOf(
        client.POST('/api/repositories/{name}/configuration', {
          params: { ...at(repository), header: header(act) },
          body: { config: act.config, replace: act.replace },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: proposalQuery(repository).queryKey }),
  });
}

export function useRemoveRepository(repository: RepositoryOf) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) =>
      answerOf(
        client.DELETE('/api/repositories/{name}', {
          params: { ...at(repository), query: { ...at(repository).query, purge: 'true' }, header: header(act) },
        }),
      ),
    onSuccess: async () => {
      for (const { queryKey } of [proposalQuery(repository), trialsQuery(repository)])
        queries.removeQueries({ queryKey });
      await queries.invalidateQueries({ queryKey: repositoriesQuery.queryKey });
    },
  });
}
