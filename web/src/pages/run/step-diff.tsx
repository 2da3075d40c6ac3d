import { useQuery } from '@tanstack/react-query';
import { stepDiffQuery } from '../../api/queries';
import type { RunDetail, Step } from '../../api/schemas';
import { ChangeView } from '../../components/change-view';

interface StepDiffProps {
  readonly run: RunDetail;
  readonly step: Step;
}

/** What a step changed. */
export const StepDiff = ({ run, step }: StepDiffProps) => (
  <ChangeView query={useQuery(stepDiffQuery(run.id, step.id, step.commit ?? ''))} />
);
