import { Stack, Text, Title } from '@mantine/core';
import { CircleCheck, CircleDashed } from 'lucide-react';
import type { Approval } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';

type Requirement = Approval['requirements'][number];

/** What the approval needs: which rule asks for it and why, who said yes, and who still can. */
export function RequirementList({ approval: { requirements, run, step, change } }: { readonly approval: Approval }) {
  const repository = change?.repository ?? run.repository;
  return (
    <section aria-label="What it needs">
      <Title order={3} size="h6" mb="xs">
        What it needs
      </Title>
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {requirements.map((requirement) => (
          <OneRequirement
            key={requirement.rule}
            requirement={requirement}
            policyOf={[step.id, step.name].includes(requirement.rule) ? undefined : repository}
          />
        ))}
      </Stack>
    </section>
  );
}

interface OneRequirementProps {
  readonly requirement: Requirement;
  /** Whose policies have the rule, null the organisation's; left out where the step itself asks. */
  readonly policyOf: string | null | undefined;
}

function OneRequirement({ requirement, policyOf }: OneRequirementProps) {
  const { rule, why, by, missing, canSatisfy } = requirement;
  const Icon = missing === null ? CircleCheck : CircleDashed;
  return (
    <li style={{ display: 'flex', gap: '0.5rem', overflowWrap: 'anywhere' }}>
      <Icon size={16} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
      <div>
        <Text size="sm">
          <b>{policyText(requirement)}</b> {missing === null ? '' : `(still needed: ${missing})`}
        </Text>
        <Text size="sm" c="dimmed">
          {policyOf === undefined ? (
            rule
          ) : (
            <LinkAnchor
              to="/policies"
              search={policyOf === null ? {} : { repository: policyOf }}
              hash={`policy-${rule}`}
              inherit
              underline="always"
            >
              {rule}
            </LinkAnchor>
          )}
          : {why}
          {by.length > 0 && ` · yes: ${by.join(', ')}`}
          {missing !== null && canSatisfy.length > 0 && ` · can say yes: ${canSatisfy.join(', ')}`}
        </Text>
      </div>
    </li>
  );
}

function policyText({ kind, approvers, atLeast }: Requirement): string {
  const who = approvers.join(kind === 'all' ? ' and ' : ' or ');
  if (kind === 'all') return `every one of ${who}`;
  return atLeast === 1 ? who : `${atLeast} of ${who}`;
}
