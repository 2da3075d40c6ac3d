import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, client } from './client';
import { isNotSignedIn } from './problem-error';
import { meQuery } from './queries';
import type { BulkAction } from './schemas';
import type { components } from './types';

/** The key belongs to the click: it stays when the same act is sent again. */
interface Act {
  readonly key: string;
}

const header = ({ key }: Act) => ({ 'Idempotency-Key': key });

/** Refreshes what an act changed at once; the event that follows would do so a moment later. */
function useRefresh() {
  const queries = useQueryClient();
  return () =>
    void Promise.all(
      ['run', 'runs', 'approvals', 'questions', 'escalations', 'policies', 'absences'].map((queryKey) =>
        queries.invalidateQueries({ queryKey: [queryKey] }),
      ),
    );
}

export interface Decide extends Act {
  readonly approval: string;
  readonly decision: 'approve' | 'reject';
  readonly note: string;
}

export const useDecide = () =>
  useMutation({
    mutationFn: (act: Decide) =>
      answerOf(
        client.POST('/api/approvals/{id}/decision', {
          params: { path: { id: act.approval }, header: header(act) },
          body: { decision: act.decision, note: act.note === '' ? null : act.note },
        }),
      ),
    onSettled: useRefresh(),
  });

export interface Discuss extends Act {
  readonly approval: string;
  readonly body: string;
}

export const useDiscuss = () =>
  useMutation({
    mutationFn: (act: Discuss) =>
      answerOf(
        client.POST('/api/approvals/{id}/comments', {
          params: { path: { id: act.approval }, header: header(act) },
          body: { body: act.body },
        }),
      ),
    onSettled: useRefresh(),
  });

export interface AnswerQuestion extends Act {
  readonly question: string;
  readonly option: string | null;
  readonly text: string;
  readonly reason: string;
}

export const useAnswer = () =>
  useMutation({
    mutationFn: (act: AnswerQuestion) =>
      answerOf(
        client.POST('/api/questions/{id}/answer', {
          params: { path: { id: act.question }, header: header(act) },
          body: {
            option: act.option,
            text: act.text === '' ? null : act.text,
            reason: act.reason === '' ? null : act.reason,
          },
        }),
      ),
    onSettled: useRefresh(),
  });

export type WantedOverride = components['schemas']['NewOverride'];

export interface OverrideRun extends Act {
  readonly run: string;
  readonly wanted: WantedOverride;
}

export const useOverrideRun = () =>
  useMutation({
    mutationFn: (act: OverrideRun) =>
      answerOf(
        client.POST('/api/runs/{id}/overrides', {
          params: { path: { id: act.run }, header: header(act) },
          body: act.wanted,
        }),
      ),
    onSettled: useRefresh(),
  });

export interface ProposePolicies extends Act {
  readonly repository: string | null;
  readonly source: string;
  readonly reason: string;
}

export const useProposePolicies = () =>
  useMutation({
    mutationFn: ({ repository, source, reason, ...act }: ProposePolicies) =>
      answerOf(client.POST('/api/policies', { params: { header: header(act) }, body: { repository, source, reason } })),
    onSettled: useRefresh(),
  });

export interface DecidePolicies extends Act {
  readonly id: string;
  readonly decision: 'approve' | 'reject';
  readonly note: string;
}

export const useDecidePolicies = () =>
  useMutation({
    mutationFn: ({ id, decision, note, ...act }: DecidePolicies) =>
      answerOf(
        client.POST('/api/policies/{id}/decision', {
          params: { path: { id }, header: header(act) },
          body: { decision, note: note === '' ? null : note },
        }),
      ),
    onSettled: useRefresh(),
  });

export interface OpenAbsence extends Act {
  /** Null: now. */
  readonly from: string | null;
  readonly until: string;
  readonly delegate: string | null;
  readonly note: string;
}

export const useOpenAbsence = () =>
  useMutation({
    mutationFn: ({ from, until, delegate, note, ...act }: OpenAbsence) =>
      answerOf(
        client.POST('/api/me/absences', {
          params: { header: header(act) },
          body: { until, delegate, note: note === '' ? null : note, ...(from !== null && { from }) },
        }),
      ),
    onSettled: useRefresh(),
  });

export const useEndAbsence = () =>
  useMutation({
    mutationFn: ({ id, ...act }: Act & { readonly id: string }) =>
      answerOf(client.DELETE('/api/me/absences/{id}', { params: { path: { id }, header: header(act) } })),
    onSettled: useRefresh(),
  });

export interface ActInBulk extends Act {
  readonly action: BulkAction;
  readonly runs: readonly string[];
  readonly reason: string;
}

export const useActInBulk = () =>
  useMutation({
    mutationFn: (act: ActInBulk) =>
      answerOf(
        client.POST('/api/bulk', {
          params: { header: header(act) },
          body: { action: act.action, runs: [...act.runs], reason: act.reason },
        }),
      ),
    onSettled: useRefresh(),
  });

export interface RerunRun extends Act {
  readonly run: string;
  readonly from: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export const useRerunRun = () =>
  useMutation({
    mutationFn: (act: RerunRun) =>
      answerOf(
        client.POST('/api/runs/{id}/rerun', {
          params: { path: { id: act.run }, header: header(act) },
          body: { from: act.from, input: act.input },
        }),
      ),
    onSettled: useRefresh(),
  });

/** Ends the session of this browser, and forgets all that it was shown. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answerOf(client.DELETE('/api/session')).catch((error: unknown) => {
        if (!isNotSignedIn(error)) throw error;
      }),
    onSuccess: () => {
      queries.setQueryData(meQuery.queryKey, null);
      queries.removeQueries({ predicate: ({ queryKey: [kind] }) => kind !== meQuery.queryKey[0] });
    },
  });
}
