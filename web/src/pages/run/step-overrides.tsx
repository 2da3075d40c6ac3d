import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { OverrideKind, RunDetail, Step } from '../../api/schemas';
import { useHolds } from '../../components/may';
import { isOpen } from '../../components/status';
import { OverrideDialog, OVERRIDES } from './override-form';

/** Kinds of steps that can be given to another agent. */
const DONE_BY_AGENTS: readonly Step['kind'][] = ['agent', 'handoff'];

/** Steps in at one step of a run that is open: skip, complete, reassign it, or reset the run to it. */
export function StepOverrides({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const [kind, setKind] = useState<OverrideKind | null>(null);
  const isAuthor = useHolds('author');
  const isAdmin = useHolds('admin');
  if (!isAuthor || !isOpen(run.status) || step.item !== null) return null;
  const isApproval = step.kind === 'approval';
  const offered: readonly OverrideKind[] = [
    ...(isOpen(step.status) && (isAdmin || !isApproval) ? (['skip'] as const) : []),
    ...(isOpen(step.status) && !isApproval ? (['complete'] as const) : []),
    ...(isOpen(step.status) && DONE_BY_AGENTS.includes(step.kind) ? (['reassign'] as const) : []),
    ...(run.parent === null ? (['reset'] as const) : []),
  ];
  if (offered.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" rightSection={<ChevronDown size={14} aria-hidden />}>
            Step in
          </Button>
        </Menu.Target>
        <Menu.Dropdown aria-label={`Step in at ${step.name}`}>
          {offered.map((each) => (
            <Menu.Item key={each} onClick={() => setKind(each)}>
              {OVERRIDES[each].act}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <OverrideDialog run={run} step={step} kind={kind} onClose={() => setKind(null)} />
    </>
  );
}
