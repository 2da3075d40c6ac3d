import { List, Paper, Stack, Text, Title } from '@mantine/core';
import type { Policies } from '../../api/schemas';
import { Disclosure } from '../../components/disclosure';
import { LinkAnchor } from '../../components/links';
import { Ago } from '../../components/time';
import { RiskBadge } from '../approvals/risk-facts';
import { asksWords, landsWords, selectorWords, whoWords } from './policy-words';
import { Source } from './source';
import classes from './policies.module.css';

interface HoldingPoliciesProps {
  readonly policies: Policies;
  readonly repository: string | null;
  /** Id of the rule that the address names. */
  readonly named: string;
}

/** What holds now: where it comes from, and what it says. */
export function HoldingPolicies({ policies, repository, named }: HoldingPoliciesProps) {
  const { holds, versions, shipped } = policies;
  const active = versions.find(({ status }) => status === 'active');
  const rates = holds.risk.filter(({ kind }) => kind === 'rates');
  const lowers = holds.risk.filter(({ kind }) => kind === 'lowers');
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="holds">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4" id="holds">
            What holds
          </Title>
          <InForce policies={policies} repository={repository} />
        </div>
        <section aria-labelledby="lands">
          <Title order={3} size="h6" id="lands">
            Without a human
          </Title>
          <Text size="sm">{landsWords(holds.landsAlone)}</Text>
        </section>
        <section aria-labelledby="risk">
          <Title order={3} size="h6" id="risk">
            How risky a change is
          </Title>
          <Text size="sm">
            The first rule that names a path rates it; the riskiest path of a change rates the change. What no rule
            knows is of high risk.
          </Text>
          <ul className={classes['rules']}>
            {[...rates, ...lowers].map((rule) => (
              <li key={rule.name} id={`risk-${rule.name}`} data-named={named === `risk-${rule.name}`}>
                <Text size="sm">
                  <RiskBadge tier={rule.tier} /> <b>{rule.name}</b>
                  {rule.kind === 'lowers' && ' (lowers what is rated higher)'}: {rule.why}
                </Text>
                <Text size="sm" c="dimmed">
                  {selectorWords(rule)}
                </Text>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="who">
          <Title order={3} size="h6" id="who">
            Who has to say yes
          </Title>
          <List size="sm" spacing={4} my={4}>
            {asksWords(holds.asks).map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
          <ul className={classes['rules']}>
            {holds.policies.map((policy) => (
              <li
                key={policy.name}
                id={`policy-${policy.name}`}
                data-policy={policy.name}
                data-named={named === `policy-${policy.name}`}
              >
                <Text size="sm">
                  <b>{policy.name}</b>: {whoWords(policy)}, because {policy.why}
                </Text>
                <Text size="sm" c="dimmed">
                  {selectorWords(policy) === ''
                    ? 'Asked where a step of a pipeline or a tier names it.'
                    : `Asked besides, by itself: ${selectorWords(policy)}.`}
                </Text>
              </li>
            ))}
          </ul>
        </section>
        <Disclosure label="The source, policies.yaml">
          {active || repository === null ? (
            <Source label="policies.yaml" text={active?.source ?? shipped} />
          ) : (
            <Text size="sm">This repository has none of its own.</Text>
          )}
        </Disclosure>
      </Stack>
    </Paper>
  );
}

function InForce({ policies: { versions, owners }, repository }: Omit<HoldingPoliciesProps, 'named'>) {
  const active = versions.find(({ status }) => status === 'active');
  const organisation = owners.find((owner) => owner.repository === null)?.active ?? null;
  const others = owners.filter((owner) => owner.repository !== null && owner.repository !== repository);
  return (
    <Stack gap={2}>
      <Text size="sm">
        {active ? (
          <>
            Version {active.version}
            {repository !== null && ` of ${repository}`}, proposed by {active.proposedBy}, approved by{' '}
            {active.decidedBy} {active.decidedAt !== null && <Ago time={active.decidedAt} exact />}
            {active.soleMember && ' (nobody else could)'}: {active.reason}
          </>
        ) : repository === null ? (
          'The policies that come with Baton: the organisation has none of its own.'
        ) : (
          `${repository} has none of its own.`
        )}
      </Text>
      {repository !== null && (
        <Text size="sm">
          {active ? 'On top of' : 'So this holds:'}{' '}
          <LinkAnchor to="/policies" search={{}} inherit underline="always">
            {organisation === null ? 'those that come with Baton' : `version ${organisation} of the organisation`}
          </LinkAnchor>
        </Text>
      )}
      {repository === null && (
        <Text size="sm">
          {others.some((owner) => owner.active !== null) ? 'On top of it: ' : 'No repository has policies of its own.'}
          {others
            .filter((owner) => owner.active !== null)
            .map((owner, index) => (
              <span key={owner.repository}>
                {index > 0 && ', '}
                <LinkAnchor to="/policies" search={{ repository: owner.repository ?? '' }} inherit underline="always">
                  version {owner.active} of {owner.repository}
                </LinkAnchor>
              </span>
            ))}
        </Text>
      )}
      {others
        .filter((owner) => owner.proposed > 0)
        .map((owner) => (
          <Text size="sm" key={owner.repository}>
            <LinkAnchor to="/policies" search={{ repository: owner.repository ?? '' }} inherit underline="always">
              A proposal for {owner.repository} waits
            </LinkAnchor>
          </Text>
        ))}
    </Stack>
  );
}
