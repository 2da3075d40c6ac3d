import { Button, Group, JsonInput, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useOverrideRun, type WantedOverride } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { agentsQuery } from '../../api/queries';
import type { OverrideKind, RunDetail, Step } from '../../api/schemas';
import { useHolds } from '../../components/may';
import { Problem } from '../../components/problem';
import { ReasonInput } from '../../components/reason-input';
import { objectOf } from './object-of';

interface Words {
  readonly act: string;
  readonly title: (run: string, step: string) => string;
  readonly what: string;
}

export const OVERRIDES: Readonly<Record<OverrideKind, Words>> = {
  pause: {
    act: 'Pause the run',
    title: (run) => `Pause run ${run}?`,
    what: 'Nothing new starts until somebody resumes it. A step that runs is let finish.',
  },
  resume: { act: 'Resume the run', title: (run) => `Resume run ${run}?`, what: 'It goes on where it was paused.' },
  cancel: {
    act: 'Cancel the run',
    title: (run) => `Cancel run ${run}?`,
    what: 'Its agents are stopped and its steps clean up. What was committed stays on its branch, and the run can be repeated from any step.',
  },
  risk: {
    act: 'Set the risk',
    title: (run) => `Set the risk of run ${run}?`,
    what: 'It counts as this from now on, whatever the rules say. What was asked of people stays asked.',
  },
  skip: {
    act: 'Skip the step',
    title: (_, step) => `Skip ${step}?`,
    what: 'The run goes on without it. An agent that is at it is stopped, and nothing of it is published.',
  },
  complete: {
    act: 'Complete the step',
    title: (_, step) => `Complete ${step}?`,
    what: 'The step counts as done. An agent that is at it is stopped, and nothing of it is published.',
  },
  reassign: {
    act: 'Reassign the step',
    title: (_, step) => `Give ${step} to another agent?`,
    what: 'Whoever is at it is stopped; the other agent begins it anew.',
  },
  reset: {
    act: 'Reset the run to here',
    title: (run, step) => `Reset run ${run} to ${step}?`,
    what: 'This run is cancelled. A new one takes over what was finished before the step, and goes on from there.',
  },
};

interface OverrideDialogProps {
  readonly run: RunDetail;
  /** The step that it is of; null for the run as a whole. */
  readonly step: Step | null;
  /** What is wanted; null while nothing is. */
  readonly kind: OverrideKind | null;
  readonly onClose: () => void;
}

/** Asks for the reason of an override, and for what else it needs, before it is sent. */
export function OverrideDialog({ run, step, kind, onClose }: OverrideDialogProps) {
  return (
    <Modal
      opened={kind !== null}
      onClose={onClose}
      title={kind && OVERRIDES[kind].title(`#${run.number}`, step?.name ?? '')}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {kind && <OverrideForm run={run} step={step} kind={kind} onClose={onClose} />}
    </Modal>
  );
}

function OverrideForm({ run, step, kind, onClose }: OverrideDialogProps & { readonly kind: OverrideKind }) {
  const [reason, setReason] = useState('');
  const [output, setOutput] = useState('');
  const [agent, setAgent] = useState('');
  const [tier, setTier] = useState('');
  const [asked, setAsked] = useState(false);
  const stepIn = useOverrideRun();
  const parsed = objectOf(output);
  // To call a run less risky takes an admin.
  const tiers = useHolds('admin') ? ['low', 'medium', 'high'] : ['high'];
  const wanted: WantedOverride = {
    kind,
    reason: reason.trim(),
    ...(step && { step: step.id }),
    ...(kind === 'complete' && { output: parsed ?? {} }),
    ...(kind === 'reassign' && { agent }),
    ...(kind === 'risk' && { tier }),
  } as WantedOverride;
  const lacks =
    wanted.reason === '' ||
    (kind === 'complete' && parsed === null) ||
    (kind === 'reassign' && agent === '') ||
    (kind === 'risk' && tier === '');
  const send = (key: string) => stepIn.mutate({ run: run.id, wanted, key }, { onSuccess: onClose });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!lacks) send(newIdempotencyKey());
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{OVERRIDES[kind].what}</Text>
        {kind === 'complete' && (
          <JsonInput
            label="Output (optional)"
            description='JSON that later steps read, such as {"summary": "…"}'
            autosize
            minRows={3}
            value={output}
            onChange={setOutput}
            error={parsed === null ? 'This is not a JSON object: it begins with { and ends with }' : null}
          />
        )}
        {kind === 'reassign' && <AgentSelect value={agent} onChange={setAgent} lacks={asked && agent === ''} />}
        {kind === 'risk' && (
          <NativeSelect
            label="Risk"
            required
            value={tier}
            onChange={({ currentTarget }) => setTier(currentTarget.value)}
            data={[{ value: '', label: 'Choose a tier' }, ...tiers]}
            error={asked && tier === '' ? 'Choose what it counts as' : null}
          />
        )}
        <ReasonInput
          description="It is kept, and told to everybody who follows the run"
          value={reason}
          onChange={setReason}
          asked={asked}
          autoFocus
        />
        {stepIn.error && (
          <Problem title="It was not done" error={stepIn.error} retry={() => send(stepIn.variables.key)} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" color={kind === 'cancel' ? 'red' : ''} loading={stepIn.isPending}>
            {OVERRIDES[kind].act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface AgentSelectProps {
  readonly value: string;
  readonly onChange: (agent: string) => void;
  readonly lacks: boolean;
}

function AgentSelect({ value, onChange, lacks }: AgentSelectProps) {
  const { data } = useQuery(agentsQuery);
  const names = data?.items.map(({ name }) => name) ?? [];
  return (
    <NativeSelect
      label="Agent"
      required
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      data={[{ value: '', label: 'Choose an agent' }, ...names]}
      error={lacks ? 'Choose who takes it over' : null}
    />
  );
}
