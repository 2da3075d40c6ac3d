import { Group, Text } from '@mantine/core';
import { useLiveState, type LiveState } from '../api/live';
import classes from './live-state.module.css';

const SAYS: Readonly<Record<LiveState, { readonly word: string; readonly title: string }>> = {
  connecting: { word: 'Connecting', title: 'Connecting to Baton' },
  live: { word: 'Live', title: 'This page follows what happens by itself' },
  reconnecting: {
    word: 'Reconnecting',
    title: 'The connection is lost; what you see may be old. It is tried again by itself.',
  },
};

/** Whether what is on the screen is what is. */
export function LiveStateSign() {
  const state = useLiveState();
  const { word, title } = SAYS[state];
  return (
    <Group gap={6} wrap="nowrap" title={title} role="status" data-live={state}>
      <span className={classes['dot']} data-live={state} aria-hidden />
      <Text size="sm" className={classes['word']} data-live={state}>
        {word}
      </Text>
    </Group>
  );
}
