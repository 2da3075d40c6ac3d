import { Badge, Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MessageCircleReply } from 'lucide-react';
import { useState } from 'react';
import { useAnswer, type AnswerQuestion } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { ProblemError } from '../../api/problem-error';
import type { Question } from '../../api/schemas';
import { Problem } from '../../components/problem';
import classes from './questions.module.css';

const MAX_TEXT = 4_000;

/** One answer: an option with a reason, or, where the question takes them, own words. */
export function AnswerForm({ question }: { readonly question: Question }) {
  const { id, run, options, recommended, freeText } = question;
  const [option, setOption] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const answer = useAnswer();
  const missing = faultsOf({ option, text: text.trim(), reason: reason.trim() });
  const send = (act: AnswerQuestion) =>
    answer.mutate(act, {
      onSuccess: () =>
        notifications.show({ color: 'green', title: 'Answered', message: `Run #${run.number} goes on with it.` }),
    });
  return (
    <form
      className={classes['answer']}
      aria-label={`Your answer to ${question.step.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (missing.option || missing.reason) return;
        send({ question: id, option, text: text.trim(), reason: reason.trim(), key: newIdempotencyKey() });
      }}
    >
      <Stack gap="sm">
        <Radio.Group
          label="Your answer"
          value={option}
          onChange={setOption}
          error={
            tried && missing.option ? (freeText ? 'Choose one, or say it in your own words.' : 'Choose one.') : null
          }
        >
          <Stack gap="xs" pt="xs">
            {options.map(({ name, says }) => (
              <Radio
                key={name}
                value={name}
                label={
                  <>
                    <Text span fw={600} size="sm">
                      {name}
                    </Text>
                    {name === recommended && (
                      <Badge ml="xs" size="sm" variant="light" tt="none">
                        recommended
                      </Badge>
                    )}
                  </>
                }
                description={says}
                classNames={{ description: classes['says'] ?? '' }}
              />
            ))}
          </Stack>
        </Radio.Group>
        {freeText && (
          <Textarea
            label="In your own words"
            description="Beside an option or in its place; whoever asked reads it"
            autosize
            minRows={2}
            maxLength={MAX_TEXT}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
        <Textarea
          label="Reason"
          description={
            freeText
              ? 'Kept, and told to whoever asked; your own words are reason enough'
              : 'Kept, and told to whoever asked'
          }
          autosize
          minRows={2}
          maxLength={MAX_TEXT}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          error={tried && !missing.option && missing.reason ? 'Say why.' : null}
        />
        {answer.error && (
          <Problem
            title={unknown(answer.error) ? 'It is not known yet whether this counts' : 'It was not answered'}
            error={answer.error}
            // The same key: sent again, it counts once.
            retry={unknown(answer.error) ? () => send(answer.variables) : null}
            retryWord="Send it again"
          />
        )}
        <Group>
          <Button type="submit" leftSection={<MessageCircleReply size={16} aria-hidden />} loading={answer.isPending}>
            Answer
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Given {
  readonly option: string | null;
  readonly text: string;
  readonly reason: string;
}

const faultsOf = ({ option, text, reason }: Given) => ({
  option: option === null && text === '',
  reason: text === '' && reason === '',
});

const unknown = (error: Error): boolean => error instanceof ProblemError && error.isPassing;
