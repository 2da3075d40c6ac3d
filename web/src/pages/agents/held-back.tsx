import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CirclePause } from 'lucide-react';
import { breakersQuery } from '../../api/queries';
import type { AgentDetail, Breaker } from '../../api/schemas';
import { useNow } from '../../components/clock';
import { Ago } from '../../components/time';

/** That an agent, or a key of its provider, gets nothing new for now, and why. */
export function HeldBack({ agent: { name, project, policy } }: { readonly agent: AgentDetail }) {
  const { data } = useQuery(breakersQuery);
  const now = useNow((data?.items ?? []).length > 0);
  const own = (data?.items ?? []).filter((breaker) =>
    breaker.kind === 'agent' ? isOf(breaker, name, project) : breaker.name === policy?.provider,
  );
  return own.map(({ kind, name: of, fingerprint, state, failures, reason, openedAt, resetAt }) => (
    <Alert
      key={`${kind}/${of}/${fingerprint}`}
      color="orange"
      variant="light"
      icon={<CirclePause size={18} aria-hidden />}
      title={kind === 'agent' ? `${of} is held back` : `A key of ${of} takes no more`}
      data-breaker={kind}
    >
      {reason} {kind === 'agent' && `It failed ${failures} times in a row. `}
      {kind === 'provider' && `The key whose SHA-256 begins with ${fingerprint}; agents with another one go on. `}
      {state === 'half-open' || Date.parse(resetAt) <= now ? (
        'One attempt is let through now, to see whether it goes again.'
      ) : (
        <>
          New work begins again <Ago time={resetAt} exact />, by itself.
        </>
      )}{' '}
      Held back since <Ago time={openedAt} exact />.
    </Alert>
  ));
}

const isOf = (breaker: Breaker, name: string, project: string): boolean =>
  breaker.name === name && (breaker.project ?? project) === project;
