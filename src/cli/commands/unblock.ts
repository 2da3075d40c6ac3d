import { Command } from 'commander';
import type { z } from 'zod';
import {
  questionPage,
  RUN_GATES_AGAIN,
  RUN_SET_UP_AGAIN,
  TAKE_BRANCH,
  type question,
} from '../../schema/api/question.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { sendAnswer } from './questions.js';

type Question = z.output<typeof question>;

interface Wanted {
  /** One of them is an option of the question. */
  readonly options: readonly string[];
  readonly step: string | undefined;
  /** What the run does not wait for, in words. */
  readonly missing: string;
}

export const regateCommand = (context: Context): Command =>
  new Command('regate')
    .argument('<run>', 'its number, id or workflow id')
    .argument('<step>', 'id or name of the step that waits')
    .description('run the gates, or the set-up, of a waiting step again with the current settings; no agent works')
    .option('-m, --reason <text>', 'why; kept with the answer', 'The settings were corrected.')
    .action(async (run: string, step: string, { reason }: { reason: string }, command: Command) => {
      const options = [RUN_GATES_AGAIN, RUN_SET_UP_AGAIN];
      const asked = await findBlocked(context, run, { options, step, missing: `the gates or the set-up of ${step}` });
      const option = options.find((name) => asked.options.some((each) => each.name === name))!;
      const answer = await sendAnswer(context, asked, { option, text: null, reason });
      say(context, command, answer, () => [
        `${asked.step.name} of #${asked.run.number}: ${option.toLowerCase()}; follow it with: baton watch ${asked.run.number}`,
      ]);
    });

export const resolveCommand = (context: Context): Command =>
  new Command('resolve')
    .argument('<run>', 'its number, id or workflow id')
    .description('resolve the conflict of a waiting step with a branch that you pushed; its gates run on it')
    .requiredOption('-b, --branch <name>', 'contains the head of the run’s branch and the resolved change')
    .option('-s, --step <step>', 'id or name of the step, where several wait')
    .option('-m, --reason <text>', 'why; kept with the answer', 'A person resolved the conflict.')
    .action(
      async (
        run: string,
        { branch, step, reason }: { branch: string; step?: string; reason: string },
        command: Command,
      ) => {
        const asked = await findBlocked(context, run, { options: [TAKE_BRANCH], step, missing: 'a conflict' });
        const answer = await sendAnswer(context, asked, { option: TAKE_BRANCH, text: branch, reason });
        say(context, command, answer, () => [
          `${asked.step.name} of #${asked.run.number} goes on with ${branch}; follow it with: baton watch ${asked.run.number}`,
        ]);
      },
    );

/** The open question of a run that has one of these options. */
async function findBlocked(context: Context, run: string, { options, step, missing }: Wanted): Promise<Question> {
  const query = new URLSearchParams({ status: 'open', run });
  const { items } = await context.client().get(`/api/questions?${query.toString()}`, questionPage);
  const found = items.filter(
    (item) =>
      (step === undefined || [item.step.id, item.step.name].includes(step)) &&
      item.options.some(({ name }) => options.includes(name)),
  );
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new CliError(
      EXIT.notFound,
      'not-blocked',
      `Run ${run} does not wait for ${missing}; \`baton show ${run}\` says where it stands. A step that has ended is repeated with \`baton rerun\`.`,
    );
  const known = found.map(({ id, step: of }) => `${of.id}: ${id}`).join(', ');
  throw new CliError(
    EXIT.usage,
    'several-questions',
    `Several steps of run ${run} wait; answer one with \`baton answer\`: ${known}.`,
  );
}
