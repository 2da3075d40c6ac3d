import { Alert, Button, Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';

interface ProblemProps {
  readonly title: string;
  readonly error: Error;
  /** What is done by the button; null where trying again would change nothing. */
  readonly retry: (() => void) | null;
  readonly retryWord?: string;
  readonly retrying?: boolean;
}

/** What went wrong, in the server's own sentence, and the way on. */
export function Problem({ title, error, retry, retryWord = 'Try again', retrying = false }: ProblemProps) {
  return (
    <Alert color="red" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title={title} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{error.message}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry} loading={retrying}>
            {retryWord}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
