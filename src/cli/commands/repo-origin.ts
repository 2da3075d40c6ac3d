import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { z } from 'zod';
import { pulled, pushed } from '../../schema/api/repository-change.js';
import { persist } from '../client/persist.js';
import { say, type Context } from '../context.js';
import { plain } from '../output/style.js';
import { sourceOf } from '../repo-add/import-repository.js';
import { warn } from './repo-change.js';

/** As long as the server gives a pull. */
const PATIENCE_MS = 30 * 60_000;

export const pullCommand = (context: Context): Command =>
  new Command('pull')
    .argument('<name>', 'its name')
    .option('--from <path-or-url>', 'another address of the origin, for example with a login, which is not kept')
    .description("bring the origin's newer commits into Baton's import, by fast-forward only")
    .action(async (name: string, { from }: { readonly from?: string }, command: Command) => {
      const body = from === undefined ? {} : { from: sourceOf(from) };
      const answer = await send(context, `/api/repositories/${encodeURIComponent(name)}/pull`, pulled, body);
      warn(
        context,
        command,
        answer.warnings.map(({ message }) => message),
      );
      say(context, command, answer, () => pullLines(name, answer).map(plain));
    });

function pullLines(
  name: string,
  { from, updated, ahead, diverged, clashing, newTags }: z.output<typeof pulled>,
): string[] {
  const lines = [
    ...updated.map(({ branch, before, after }) =>
      before === null
        ? `${branch} is new, at ${after.slice(0, 10)}`
        : `${branch} is at ${after.slice(0, 10)}, was at ${before.slice(0, 10)}`,
    ),
    ...(newTags.length === 0 ? [] : [`${newTags.length} new ${newTags.length === 1 ? 'tag' : 'tags'}`]),
    ...ahead.map(
      (branch) =>
        `${branch} has commits that the origin lacks; push them with: baton repo push ${name} --branch ${branch}`,
    ),
    ...diverged.map(
      (branch) => `${branch} has diverged and stays as it is: merge the two at the origin, then pull again`,
    ),
    ...clashing.map(
      (branch) => `${branch} clashes with the name of a branch that is there: delete that one, then pull again`,
    ),
  ];
  return lines.length === 0 ? [`${name} has everything that ${from} has`] : lines;
}

interface PushOptions {
  readonly branch?: string;
  readonly as?: string;
  readonly to?: string;
}

export const pushCommand = (context: Context): Command =>
  new Command('push')
    .argument('<name>', 'its name')
    .option('--branch <branch>', 'the branch to push; the default branch where left out')
    .option('--as <branch>', 'its name there; the same where left out')
    .option('--to <path-or-url>', 'where to; where it was imported from where left out')
    .description('push what Baton landed to the origin, never with force')
    .action(async (name: string, { branch, as, to }: PushOptions, command: Command) => {
      const body = { branch, as, ...(to !== undefined && { to: sourceOf(to) }) };
      const answer = await send(context, `/api/repositories/${encodeURIComponent(name)}/push`, pushed, body);
      say(context, command, answer, () => {
        const { result, as: there, to: target, commit } = answer;
        const what = result === 'pushed' ? 'is at' : 'was there already, at';
        return [plain(`${there} of ${target} ${what} ${commit.slice(0, 10)}`)];
      });
    });

/** Both can take minutes: the request is held on to by its key. */
const send = <T extends z.ZodType>(context: Context, path: string, answer: T, body: unknown): Promise<z.output<T>> => {
  const client = context.client();
  const sent = { body, idempotencyKey: randomUUID() };
  return persist(() => client.post(path, answer, sent), {
    codes: ['timeout', 'request-in-flight'],
    patienceMs: PATIENCE_MS,
  });
};
