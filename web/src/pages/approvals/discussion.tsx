import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useDiscuss } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import type { Approval } from '../../api/schemas';
import { Problem } from '../../components/problem';
import { Ago } from '../../components/time';

const MAX_BODY = 4_000;

interface DiscussionProps {
  readonly approval: Approval;
  /** Whether the viewer may say something. */
  readonly may: boolean;
}

/** What was said of an approval, and a place to say something without deciding it. */
export function Discussion({ approval: { id, comments }, may }: DiscussionProps) {
  const [body, setBody] = useState('');
  const discuss = useDiscuss();
  if (comments.length === 0 && !may) return null;
  return (
    <section aria-label="Discussion">
      <Title order={3} size="h6" mb="xs">
        Discussion
      </Title>
      <Stack gap="xs">
        {comments.length > 0 && (
          <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {comments.map(({ by, body: said, at }) => (
              <Text
                key={`${by}/${at}`}
                component="li"
                size="sm"
                style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
              >
                <b>{by}</b> <Ago time={at} />: {said}
              </Text>
            ))}
          </Stack>
        )}
        {may && (
          <>
            <Textarea
              label="Say something"
              description="It decides nothing: the run goes on waiting"
              autosize
              minRows={1}
              maxLength={MAX_BODY}
              value={body}
              onChange={({ currentTarget }) => setBody(currentTarget.value)}
            />
            {discuss.error && <Problem title="It was not said" error={discuss.error} retry={null} />}
            <Group>
              <Button
                variant="default"
                size="xs"
                disabled={body.trim() === ''}
                loading={discuss.isPending}
                onClick={() =>
                  discuss.mutate(
                    { approval: id, body: body.trim(), key: newIdempotencyKey() },
                    { onSuccess: () => setBody('') },
                  )
                }
              >
                Say it
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </section>
  );
}
