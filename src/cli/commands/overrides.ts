import { randomUUID } from 'node:crypto';
import { Argument, Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { override, riskTier } from '../../schema/api/override.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';

type Override = z.output<typeof override>;
type Kind = Override['kind'];

/** How long an answer is waited for while no worker runs. */
const PATIENCE_MS = 60_000;

const runArgument = ['<run>', 'its number, id or workflow id'] as const;
const reasonOption = ['-m, --reason <text>', 'why; it is kept, and told to everybody who follows the run'] as const;

export const cancelCommand = (context: Context): Command =>
  onRun(context, 'cancel', 'cancel a run: its agents are stopped within seconds', () => 'is being cancelled');

export const pauseCommand = (context: Context): Command =>
  onRun(
    context,
    'pause',
    'start nothing new in a run; what runs is let finish',
    (run) => `is paused; let it go on with: baton resume ${run} --reason …`,
  );

export const resumeCommand = (context: Context): Command =>
  onRun(context, 'resume', 'let a paused run go on', () => 'goes on');

export const skipCommand = (context: Context): Command =>
  onStep(context, 'skip', 'end a step as skipped, also while an agent is at it', (step) => `${step} is skipped`);

export const completeCommand = (context: Context): Command =>
  onStep(context, 'complete', 'end a step as succeeded', (step) => `${step} is completed`).option(
    '-o, --output <json>',
    'what the step gives to those after it',
    json,
    {},
  );

export const reassignCommand = (context: Context): Command =>
  onStep(
    context,
    'reassign',
    'give a step to another agent, which begins it anew',
    (step, { agent }) => `${step} is done by ${agent!} from now on`,
  ).requiredOption('-a, --agent <name>', 'who does it from now on');

export const resetCommand = (context: Context): Command =>
  onStep(context, 'reset', 'cancel a run, and begin a new one from a step', (step, { rerun }) =>
    rerun === null ? `a new run begins at ${step} as soon as this one has ended` : `#${rerun} goes on from ${step}`,
  );

export const riskCommand = (context: Context): Command =>
  new Command('risk')
    .argument(...runArgument)
    .addArgument(new Argument('<tier>', 'what it counts as from now on').choices(riskTier.options))
    .description('raise or lower the risk of a run; what was asked for stays asked')
    .requiredOption(...reasonOption)
    .action(async (run: string, tier: string, { reason }: { reason: string }, command: Command) => {
      const made = await stepIn(context, run, { kind: 'risk', tier, reason });
      say(context, command, made, () => [`${nameOf(run)} counts as ${tier} risk from now on`]);
    });

const onRun = (context: Context, kind: Kind, description: string, done: (run: string) => string): Command =>
  new Command(kind)
    .argument(...runArgument)
    .description(description)
    .requiredOption(...reasonOption)
    .action(async (run: string, { reason }: { reason: string }, command: Command) => {
      const made = await stepIn(context, run, { kind, reason });
      say(context, command, made, () => [`${nameOf(run)} ${done(run)}`]);
    });

const onStep = (
  context: Context,
  kind: Kind,
  description: string,
  done: (step: string, made: Override) => string,
): Command =>
  new Command(kind)
    .argument(...runArgument)
    .argument('<step>', 'id of the step')
    .description(description)
    .requiredOption(...reasonOption)
    .action(async (run: string, step: string, options: Readonly<Record<string, unknown>>, command: Command) => {
      const made = await stepIn(context, run, { kind, step, ...options });
      say(context, command, made, () => [`${nameOf(run)}: ${done(made.step?.name ?? step, made)}`]);
    });

/** Sends an override until it is known what became of it: it counts once. */
function stepIn(context: Context, run: string, body: object): Promise<Override> {
  const client = context.client();
  const sent = { body, idempotencyKey: randomUUID() };
  let told = false;
  return persist(() => client.post(`/api/runs/${encodeURIComponent(run)}/overrides`, override, sent), {
    codes: ['decision-unknown', 'request-in-flight'],
    patienceMs: PATIENCE_MS,
    onWait: () => {
      if (!told) context.note('no answer yet: is a worker running? trying again for a minute …');
      told = true;
    },
  });
}

const nameOf = (run: string): string => run.replace(/^#?(\d+)$/, '#$1');

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Write it as JSON.');
  }
}
