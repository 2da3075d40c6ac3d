import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { runEscalationsQuery } from '../../api/queries';
import type { EscalationPage, RunDetail } from '../../api/schemas';
import { Ago } from '../../components/time';

type Cause = EscalationPage['items'][number]['cause'];

const CAUSES: Readonly<Record<Cause, string>> = {
  'agent-blocked': 'An agent stands still until somebody answers',
  'pr-stale': 'Nobody has merged or closed this pull request',
  'conflict-unresolved': 'Nobody has resolved this conflict',
};

/** What of this run lasts too long, and what was done about it so far. */
export function RunEscalations({ run: { id } }: { readonly run: RunDetail }) {
  const { data } = useQuery(runEscalationsQuery(id));
  // Before its first level nobody was told of it: then it is no more than a question or a pull request that is open.
  const lasting = (data?.items ?? []).filter(({ status, levels }) => status !== 'cleared' && levels.length > 0);
  return lasting.map(({ id: key, cause, title, since, status, levels }) => (
    <Alert
      key={key}
      color="red"
      variant="light"
      icon={<BellRing size={18} aria-hidden />}
      title={`Escalated: ${title}`}
      data-escalation={cause}
    >
      {CAUSES[cause]}, since <Ago time={since} exact />. Done so far: {levels.flatMap(({ did }) => did).join(', ')}.
      {status === 'ended' && ' The path is at its end; nothing more is done by itself.'}
    </Alert>
  ));
}
