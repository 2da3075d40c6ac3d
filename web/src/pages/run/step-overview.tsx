import { Alert, Stack, Text } from '@mantine/core';
import { CircleX } from 'lucide-react';
import type { RunDetail, Step } from '../../api/schemas';
import { ApprovalView } from '../approvals/approval-view';
import { QuestionView } from '../questions/question-view';
import { CopyableCommit } from '../../components/commit';
import { Fact, Facts } from '../../components/facts';
import { LinkAnchor } from '../../components/links';
import { takenOverFrom } from './taken-over';
import { ArtifactLinks } from './artifact-links';
import { AttemptView } from './attempt-view';
import { Checklist } from './checklist';
import classes from './run.module.css';
import { SetUps } from './set-ups';

/** What became of a step, and why: the decision, or the attempts with what proves them. */
export function StepOverview({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const { status, error, commit, attempts, artifacts, approval, questions } = step;
  const from = takenOverFrom(run, step.id);
  const plain = attempts.length === 0 && approval === null;
  return (
    <Stack gap="md">
      {error && (
        <Alert color="red" variant="light" icon={<CircleX size={18} aria-hidden />} title={`It failed: ${error.code}`}>
          <pre className={classes['lines']}>{error.message}</pre>
        </Alert>
      )}
      {status === 'pending' && <Text c="dimmed">{whyPending(run, step)}</Text>}
      {status === 'skipped' && <Text c="dimmed">It was not needed, or the run ended before it.</Text>}
      {plain && commit !== null && (
        <Facts>
          <Fact name="Commit">
            <CopyableCommit id={commit} />
          </Fact>
        </Facts>
      )}
      {from && (
        <Text>
          Taken over from{' '}
          <LinkAnchor to="/runs/$run" params={{ run: String(from.number) }} search={{ step: step.id }}>
            run #{from.number}
          </LinkAnchor>
          , where its attempts, gates and logs are.
        </Text>
      )}
      {plain && !from && status === 'succeeded' && <Text>Done by Baton itself; what came of it is under Output.</Text>}
      <SetUps step={step} />
      <Checklist step={step} />
      {questions.toReversed().map((question) => (
        <QuestionView key={question.id} question={question} />
      ))}
      {approval && <ApprovalView approval={approval} />}
      {attempts.toReversed().map((attempt) => (
        <AttemptView key={attempt.attempt} attempt={attempt} project={run.project} />
      ))}
      <ArtifactLinks artifacts={artifacts} />
    </Stack>
  );
}

function whyPending({ graph, steps }: RunDetail, { id }: Step): string {
  const before = graph.nodes.find((node) => node.id === id)?.dependsOn ?? [];
  const open = steps.filter(
    (step) =>
      step.item === null && before.includes(step.id) && step.status !== 'succeeded' && step.status !== 'skipped',
  );
  return open.length === 0 ? 'It starts in a moment.' : `It starts after ${open.map(({ name }) => name).join(', ')}.`;
}
