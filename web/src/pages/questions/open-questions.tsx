import { Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { waitingQuestionsQuery } from '../../api/queries';
import type { Question } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { QuestionView } from './question-view';
import classes from './questions.module.css';

interface OpenQuestionsProps {
  readonly waiting: 'me' | 'others';
}

/** What agents and Baton ask: of me, or of others. */
export function OpenQuestions({ waiting }: OpenQuestionsProps) {
  const { data } = useQuery(waitingQuestionsQuery(waiting));
  const questions = data?.items ?? [];
  if (questions.length === 0) return null;
  const title = `questions-${waiting}`;
  return (
    <Stack component="section" gap="md" aria-labelledby={title}>
      <Title order={2} size="h4" id={title}>
        {waiting === 'me' ? 'Questions to you' : 'Questions to others'}
      </Title>
      {questions.map((question) => (
        <QuestionCard key={question.id} question={question} />
      ))}
      {data?.next != null && <Text size="sm">More are open: they come up as these are answered.</Text>}
    </Stack>
  );
}

function QuestionCard({ question }: { readonly question: Question }) {
  const { id, run, step } = question;
  const card = useRef<HTMLElement>(null);
  const named = useLocation({ select: (location) => location.hash === id });
  useEffect(() => {
    if (named) card.current?.scrollIntoView({ block: 'start' });
  }, [named]);
  const item = step.item === null ? '' : ` (${step.item + 1})`;
  return (
    <Paper
      component="article"
      ref={card}
      id={id}
      withBorder
      p={{ base: 'sm', sm: 'lg' }}
      className={classes['question']}
      aria-labelledby={`title-${id}`}
      data-question={id}
    >
      <Stack gap="sm">
        <Title order={3} size="h5" id={`title-${id}`}>
          <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} search={{ step: step.id }} inherit>
            #{run.number} {runTitle(run)}
          </LinkAnchor>
          {`, ${step.name}${item}`}
        </Title>
        <QuestionView question={question} />
      </Stack>
    </Paper>
  );
}
