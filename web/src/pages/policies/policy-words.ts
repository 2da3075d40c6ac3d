import type { Policies } from '../../api/schemas';

type Holding = Policies['holds'];
type Selector = Pick<
  Holding['policies'][number],
  'paths' | 'labels' | 'actions' | 'agents' | 'pipelines' | 'when' | 'rules'
>;

const oneOf = (list: readonly string[]): string => list.join(', ');

/** When a rule or a policy holds, in words; empty where it says nothing. */
export function selectorWords({
  paths,
  labels,
  actions,
  agents,
  pipelines,
  when,
  rules,
}: Omit<Selector, 'rules'> & { readonly rules?: Selector['rules'] }): string {
  return [
    rules && `where the rule ${rules.join(' or ')} rates the change`,
    paths && `paths ${oneOf(paths)}`,
    labels && `label ${oneOf(labels)}`,
    actions && `action ${oneOf(actions)}`,
    agents && `agent ${oneOf(agents)}`,
    pipelines && `pipeline ${oneOf(pipelines)}`,
    when !== undefined && `when ${when}`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join('; and ');
}

export function whoWords({ kind, approvers, atLeast }: Holding['policies'][number]): string {
  if (kind === 'all')
    return approvers.length === 1
      ? `${approvers.join('')} has to say yes`
      : `${approvers.join(' and ')} each have to say yes`;
  const who = approvers.join(' or ');
  return atLeast === 1 ? `${who} has to say yes` : `${atLeast} of ${approvers.join(', ')} have to say yes`;
}

export const asksWords = ({ medium, high }: Holding['asks']): readonly string[] => [
  'Low risk: nobody before an agent acts; a human before it lands on a protected branch, unless the exception above is made.',
  `Medium risk: a human before it lands; where no step says who, the policy ${medium} does.`,
  `High risk: a human before an agent acts, and before it lands; where no step says who, the policy ${high} does.`,
];

export const landsWords = (landsAlone: Holding['landsAlone']): string =>
  landsAlone === 'nothing'
    ? 'Nothing lands on a protected branch without a human.'
    : 'A change of low risk lands on a protected branch without a human: an exception that an admin approved.';
