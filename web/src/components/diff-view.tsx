import 'react-diff-view/style/index.css';
import './diff-view.css';
import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { Diff, Hunk, markEdits, parseDiff, tokenize, type FileData } from 'react-diff-view';
import type { RunDiff } from '../api/schemas';
import { Commit } from './commit';

/** A file with more lines, or after so many files, is closed at first: drawing all of them would take seconds. */
const OPEN_LINES = 400;
const OPEN_FILES = 15;

type View = 'unified' | 'split';

/** A change, file by file: side by side where there is room, unless somebody chose otherwise. */
export function DiffView({ change }: { readonly change: RunDiff }) {
  const { files, diff, base, commit, cut } = change;
  const parsed = useMemo(() => parseDiff(diff, { nearbySequences: 'zip' }), [diff]);
  const roomy = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const [view, setView] = useLocalStorage<View>({
    key: 'baton-diff-view',
    defaultValue: 'split',
    getInitialValueInEffect: false,
  });
  const added = files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  return (
    <Stack gap="sm" data-testid="diff">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {files.length === 1 ? '1 file' : `${files.length} files`}, <Lines added={added} removed={removed} />, from{' '}
          <Commit id={base} /> to <Commit id={commit} />
        </Text>
        {roomy && (
          <SegmentedControl
            size="xs"
            aria-label="How the change is shown"
            value={view}
            onChange={(chosen) => setView(chosen)}
            data={[
              { value: 'unified', label: 'Unified' },
              { value: 'split', label: 'Side by side' },
            ]}
          />
        )}
      </Group>
      {parsed.map((file, index) => (
        <FileDiff
          key={`${file.oldPath}>${file.newPath}`}
          file={file}
          view={roomy ? view : 'unified'}
          early={index < OPEN_FILES}
        />
      ))}
      {cut && <Text size="sm">The change is longer than what is shown here. The whole of it is in the branch.</Text>}
    </Stack>
  );
}

interface FileDiffProps {
  readonly file: FileData;
  readonly view: View;
  readonly early: boolean;
}

/** One file of a change. */
export function FileDiff({ file, view, early }: FileDiffProps) {
  const changes = file.hunks.flatMap((hunk) => hunk.changes);
  const short = changes.length <= OPEN_LINES;
  const [open, setOpen] = useState(early && short);
  const path = file.type === 'delete' ? file.oldPath : file.newPath;
  const added = changes.filter(({ type }) => type === 'insert').length;
  const removed = changes.filter(({ type }) => type === 'delete').length;
  return (
    <details className="file-diff" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="file-diff-path">{file.type === 'rename' ? `${file.oldPath} → ${file.newPath}` : path}</span>
        <span className="file-diff-facts">
          {WORD[file.type]} <Lines added={added} removed={removed} />
        </span>
      </summary>
      {open &&
        (changes.length === 0 ? (
          <Text p="sm">No lines to show: the file is binary, empty, or only moved.</Text>
        ) : (
          <Lined file={file} view={view} marked={short} />
        ))}
    </details>
  );
}

const WORD = { add: 'added', delete: 'deleted', modify: 'changed', rename: 'renamed', copy: 'copied' } as const;

function Lined({
  file: { type, hunks },
  view,
  marked,
}: {
  readonly file: FileData;
  readonly view: View;
  readonly marked: boolean;
}) {
  const tokens = useMemo(
    () => (marked ? tokenize(hunks, { enhancers: [markEdits(hunks, { type: 'block' })] }) : null),
    [hunks, marked],
  );
  // Of what is only added or only removed, the other side would be empty.
  const oneSided = type === 'add' || type === 'delete';
  return (
    // A scrolled part of the page has to be reachable by the keyboard.
    <div className="file-diff-lines" tabIndex={0} role="group" aria-label="Changed lines">
      <Diff diffType={type} hunks={hunks} viewType={oneSided ? 'unified' : view} gutterType="default" tokens={tokens}>
        {(all) => all.map((hunk) => <Hunk key={hunk.content} hunk={hunk} />)}
      </Diff>
    </div>
  );
}

function Lines({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span style={{ color: 'var(--status-green)' }}>+{added}</span>{' '}
      <span style={{ color: 'var(--status-red)' }}>−{removed}</span>
    </span>
  );
}
