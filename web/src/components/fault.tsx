import { Container } from '@mantine/core';
import { Problem } from './problem';

/** A part of the page broke; most often Baton was updated under it, and what it would load is gone. */
export const Fault = ({ error }: { readonly error: unknown }) => (
  <Container size="sm" py="xl">
    <Problem
      title="This page cannot go on"
      error={
        new Error(
          `Load it again: Baton may have been updated meanwhile. What happened: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
      retry={() => location.reload()}
      retryWord="Load the page again"
    />
  </Container>
);
