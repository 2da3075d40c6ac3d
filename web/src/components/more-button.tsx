import { Button, Center } from '@mantine/core';
import type { ReactNode } from 'react';

interface MoreButtonProps {
  /** What `useInfiniteQuery` gives. */
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly children: ReactNode;
}

/** The next page of a list, where there is one. */
export function MoreButton({ query: { hasNextPage, isFetchingNextPage, fetchNextPage }, children }: MoreButtonProps) {
  if (!hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
        {children}
      </Button>
    </Center>
  );
}
