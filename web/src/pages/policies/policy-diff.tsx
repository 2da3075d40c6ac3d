import { Text } from '@mantine/core';
import { createTwoFilesPatch } from 'diff';
import { useMemo } from 'react';
import { parseDiff } from 'react-diff-view';
import { FileDiff } from '../../components/diff-view';

const FILE = 'policies.yaml';

/** What a proposed text changes in the one that holds. */
export function PolicyDiff({ from, to }: { readonly from: string; readonly to: string }) {
  const [file] = useMemo(() => {
    const patch = createTwoFilesPatch(`a/${FILE}`, `b/${FILE}`, from, to, '', '', { context: 3 });
    return parseDiff(`diff --git a/${FILE} b/${FILE}\n${patch.slice(patch.indexOf('--- '))}`);
  }, [from, to]);
  if (from === to || !file) return <Text size="sm">It says what holds already.</Text>;
  return <FileDiff file={file} view="unified" early />;
}
