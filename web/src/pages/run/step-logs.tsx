import { Anchor, Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useArtifactTail } from '../../api/artifact-tail';
import { runQuery } from '../../api/queries';
import type { Artifact, Step } from '../../api/schemas';
import { Problem } from '../../components/problem';
import { formatBytes } from './artifact-links';
import classes from './run.module.css';

const route = getRouteApi('/runs/$run');
const LOOK_AGAIN_MS = 1_000;

interface Log {
  readonly label: string;
  readonly artifact: Artifact;
}

/** The logs of a step: what its agents and its gates wrote, the newest attempt first shown. */
export function StepLogs({ step }: { readonly step: Step }) {
  const logs: readonly Log[] = [
    ...step.attempts
      .toReversed()
      .flatMap(({ attempt, artifacts }) =>
        artifacts
          .filter(({ kind }) => kind === 'log')
          .map((artifact) => ({ label: `${artifact.name}, attempt ${attempt}`, artifact })),
      ),
    ...step.artifacts.filter(({ kind }) => kind === 'log').map((artifact) => ({ label: artifact.name, artifact })),
  ];
  // That an attempt begins is an event; that its log does, a moment later, is none.
  const newest = step.attempts.at(-1);
  const awaited = newest?.status === 'running' && !newest.artifacts.some(({ kind }) => kind === 'log');
  const { run } = route.useParams();
  useQuery({ ...runQuery(run), refetchInterval: awaited ? LOOK_AGAIN_MS : false });
  const [chosen, choose] = useState<string | null>(null);
  const shown = logs.find(({ artifact }) => artifact.id === chosen) ?? logs[0];
  if (!shown)
    return (
      <Text c="dimmed">
        {step.status === 'running'
          ? 'Nothing is written yet.'
          : 'No log: nothing has run here yet, or nothing that writes one.'}
      </Text>
    );
  return (
    <Stack gap="sm">
      {logs.length > 1 && (
        <div style={{ overflowX: 'auto' }}>
          <SegmentedControl
            size="xs"
            aria-label="Which log"
            value={shown.artifact.id}
            onChange={choose}
            data={logs.map(({ label, artifact }) => ({ value: artifact.id, label }))}
          />
        </div>
      )}
      <LogView key={shown.artifact.id} artifact={shown.artifact} />
    </Stack>
  );
}

/** How near to its end a log is for new lines to be followed. */
const NEAR_PX = 40;

/** One log, live, at its end. */
export function LogView({ artifact: { id, name } }: { readonly artifact: Pick<Artifact, 'id' | 'name'> }) {
  const { text, skipped, closed, loading, error } = useArtifactTail(id);
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {closed ? 'Complete' : error ? 'Interrupted' : 'Grows while it runs'}
          {skipped > 0 && `; the end of it, ${formatBytes(skipped)} before that are not shown here`}
        </Text>
        <Anchor href={`/api/artifacts/${id}`} download={name} size="sm">
          <Group gap={4} component="span">
            <Download size={14} aria-hidden /> {skipped > 0 ? 'Download the whole log' : 'Download'}
          </Group>
        </Anchor>
      </Group>
      {error && <Problem title="The log cannot be read" error={error} retry={null} />}
      {loading && !error ? (
        <Loader size="sm" aria-label="Loading the log" />
      ) : (
        <pre
          ref={box}
          className={classes['log']}
          tabIndex={0}
          aria-label={name}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
          }}
        >
          {text === '' ? 'Nothing is written yet.' : text}
        </pre>
      )}
    </Stack>
  );
}
