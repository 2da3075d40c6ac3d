import type { Approval, RunDetail } from '../../api/schemas';

/** What an approval lets happen, in words; `run` is left out until it is known. */
export function consequence({ purpose, step, run }: Approval, detail: RunDetail | undefined): string {
  const next = detail?.graph.nodes.filter(({ dependsOn }) => dependsOn.includes(step.id)).map(({ name }) => name) ?? [];
  const does = {
    step: next.length === 0 ? 'the run goes on' : `the run goes on with ${next.join(', ')}`,
    act: 'the agent begins to work on this step',
    land: 'the change is merged',
  }[purpose];
  return run.paused ? `${does}, once somebody resumes the run: it is paused` : does;
}
