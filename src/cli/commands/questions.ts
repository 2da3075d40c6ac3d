import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { z } from 'zod';
import { answered, question, questionPage } from '../../schema/api/question.js';
import { allPages } from '../client/all-pages.js';
import type { ApiClient } from '../client/api-client.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { plain, type Style } from '../output/style.js';
import { table } from '../output/table.js';
import { ago, span } from '../output/time.js';
import { wholeNumber } from '../whole-number.js';

type Question = z.output<typeof question>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** How long a reply is waited for while no worker runs. */
const PATIENCE_MS = 60_000;

interface ListOptions {
  readonly mine?: boolean;
  readonly all?: boolean;
  readonly run?: string;
  readonly limit: number;
}

export const questionsCommand = (context: Context): Command =>
  new Command('questions')
    .argument('[question]', 'id of one, or number of the run that asks: shows its options')
    .description('what agents and Baton ask of people, the longest open first')
    .option('--mine', 'only those that you can answer')
    .option('--all', 'also those that are settled, the newest first')
    .option('--run <run>', 'only of this run')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async (reference: string | undefined, options: ListOptions, command: Command) => {
      const client = context.client();
      if (reference !== undefined) {
        const found = await findQuestion(client, reference);
        say(context, command, found, () => linesOf(found, context.style));
        return;
      }
      const { mine, all, run, limit } = options;
      const query = new URLSearchParams({
        ...(mine === true ? { waiting: 'me' } : all !== true && { status: 'open' }),
        order: all === true ? 'newest' : 'oldest',
        ...(run !== undefined && { run }),
      });
      const items = await allPages(client, `/api/questions?${query.toString()}`, questionPage, limit);
      say(context, command, { items }, () =>
        items.length === 0
          ? ['no questions']
          : table(items, [
              { title: 'ID', of: ({ id }) => id },
              { title: 'RUN', of: ({ run: of }) => `#${of.number}` },
              { title: 'STEP', of: ({ step }) => step.name, max: 24 },
              { title: 'STATUS', of: ({ status }) => status, paint: context.style.status },
              { title: 'ASKED', of: ({ askedAt }) => ago(askedAt) },
              { title: 'OPTIONS', of: ({ options: ways }) => ways.map(({ name }) => name).join(' | '), max: 40 },
              { title: 'QUESTION', of: ({ text }) => text, max: 90 },
            ]),
      );
    });

function linesOf(of: Question, style: Style): string[] {
  const item = of.step.item === null ? '' : ` (${of.step.item + 1})`;
  const { answer } = of;
  const given = answer && [answer.option, answer.text, answer.reason && `because ${answer.reason}`];
  return [
    style.bold(`${of.step.name}${item} of #${of.run.number} ${of.run.pipeline}, ${of.agent ?? 'an agent'} waits`),
    '',
    plain(of.text),
    '',
    ...of.options.map(
      ({ name, says }) => `  ${style.bold(name)}${name === of.recommended ? ' (recommended)' : ''}: ${plain(says)}`,
    ),
    ...(of.freeText ? ['  or in your own words: --text'] : []),
    '',
    `  status     ${style.status(of.status)}, asked ${ago(of.askedAt)}`,
    ...(of.status === 'open'
      ? [
          `  expires    in ${span(Date.parse(of.expiresAt) - Date.now())}`,
          `  who        ${of.answerers.join(', ')}${of.refusal ? ` (you cannot answer: ${of.refusal.message})` : ''}`,
          `  answer     baton answer ${of.id} <option> --reason <why>`,
        ]
      : []),
    ...(given ? [`  answered   by ${answer.by}: ${plain(given.filter(Boolean).join(', '))}`] : []),
  ];
}

interface AnswerOptions {
  readonly reason?: string;
  readonly text?: string;
}

export const answerCommand = (context: Context): Command =>
  new Command('answer')
    .argument('<question-or-run>', 'id of a question, or number, id or workflow id of the run that asks')
    .argument('[option]', 'name of an option')
    .description('answer what an agent or Baton asks')
    .option('-m, --reason <text>', 'why; kept, and told to whoever asked')
    .option('--text <text>', 'your own words, where the question takes them')
    .action(async (reference: string, given: string | undefined, { reason, text }: AnswerOptions, command: Command) => {
      const client = context.client();
      const asked = await findQuestion(client, reference);
      const option =
        asked.options.find(({ name }) => name.toLowerCase() === given?.trim().toLowerCase())?.name ?? given;
      const answer = await sendAnswer(context, asked, {
        option: option ?? null,
        text: text ?? null,
        reason: reason ?? null,
      });
      say(context, command, answer, () => [
        `${asked.step.name} of #${asked.run.number} goes on with ${answer.option ?? 'your words'}; follow the run with: baton watch ${asked.run.number}`,
      ]);
    });

interface Given {
  readonly option: string | null;
  readonly text: string | null;
  readonly reason: string | null;
}

/** Sends an answer until it is known what became of it: it counts once. */
export function sendAnswer(context: Context, { id }: Question, body: Given): Promise<z.output<typeof answered>> {
  const client = context.client();
  const sent = { body, idempotencyKey: randomUUID() };
  let told = false;
  return persist(() => client.post(`/api/questions/${id}/answer`, answered, sent), {
    codes: ['decision-unknown', 'request-in-flight'],
    patienceMs: PATIENCE_MS,
    onWait: () => {
      if (!told) context.note('no reply yet: is a worker running? trying again for a minute …');
      told = true;
    },
  });
}

/** A question by its id, or the one that a run has open. */
async function findQuestion(client: ApiClient, reference: string): Promise<Question> {
  if (UUID.test(reference)) {
    try {
      return await client.get(`/api/questions/${reference}`, question);
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.notFound) throw error;
    }
  }
  const query = new URLSearchParams({ status: 'open', run: reference });
  const { items } = await client.get(`/api/questions?${query.toString()}`, questionPage);
  if (items.length === 1) return items[0]!;
  if (items.length === 0)
    throw new CliError(
      EXIT.notFound,
      'no-open-question',
      `Run ${reference} asks nothing; \`baton show ${reference}\` says where it stands.`,
    );
  const known = items.map(({ id, step }) => `${step.name}: ${id}`).join(', ');
  throw new CliError(EXIT.usage, 'several-questions', `Run ${reference} asks several questions; name one: ${known}.`);
}
