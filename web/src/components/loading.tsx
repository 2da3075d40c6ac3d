import { Skeleton, Stack } from '@mantine/core';

interface LoadingProps {
  /** What is on its way. */
  readonly what: string;
  /** Height in px of each block that stands for a part of it. */
  readonly blocks: readonly number[];
}

/** The shape of what is to come. */
export const Loading = ({ what, blocks }: LoadingProps) => (
  <Stack gap="sm" role="status" aria-busy aria-label={`Loading ${what}`}>
    {blocks.map((height, index) => (
      <Skeleton key={index} height={height} />
    ))}
  </Stack>
);
