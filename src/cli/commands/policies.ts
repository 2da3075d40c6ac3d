import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { decidedPolicies, policies, proposedPolicies } from '../../schema/api/policies.js';
import type { ApiClient } from '../client/api-client.js';
import { say, type Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { table } from '../output/table.js';
import { ago } from '../output/time.js';
import { isUuid } from '../is-uuid.js';

export const policiesCommand = (context: Context): Command =>
  new Command('policies')
    .description('who decides what: the versions of policies.yaml')
    .option('-r, --repository <name>', 'those of a repository, instead of the organisation’s own')
    .option('--source', 'print the one that holds, to begin with')
    .action(async (options: { repository?: string; source?: boolean }, command: Command) => {
      const found = await context.client().get(`/api/policies${queryOf(options.repository)}`, policies);
      say(context, command, found, () => (options.source ? sourceOf(found, options) : versionsOf(found, options)));
    })
    .addCommand(propose(context))
    .addCommand(decide(context, 'approve'))
    .addCommand(decide(context, 'reject'));

type Found = ReturnType<typeof policies.parse>;

function sourceOf({ versions, shipped }: Found, { repository }: { repository?: string }): string[] {
  const active = versions.find(({ status }) => status === 'active');
  return [(active?.source ?? (repository ? '# This repository has no policies of its own.' : shipped)).trimEnd()];
}

const versionsOf = ({ versions }: Found, { repository }: { repository?: string }): string[] =>
  versions.length === 0
    ? [
        repository
          ? `${repository} has no policies of its own: those of the organisation hold`
          : 'the policies that come with Baton hold; see them with: baton policies --source',
      ]
    : table(versions, [
        { title: 'VERSION', of: ({ version }) => version, right: true },
        { title: 'STATUS', of: ({ status, soleMember }) => (soleMember ? `${status} (sole member)` : status) },
        { title: 'PROPOSED', of: ({ proposedBy, proposedAt }) => `${proposedBy}, ${ago(proposedAt)}` },
        { title: 'DECIDED', of: ({ decidedBy }) => decidedBy },
        { title: 'REASON', of: ({ reason }) => reason, max: 60 },
        { title: 'ID', of: ({ id }) => id },
      ]);

const propose = (context: Context): Command =>
  new Command('propose')
    .argument('<file>', 'policies.yaml')
    .description(
      'propose a new version, with --repository of a repository; it holds when another admin has approved it',
    )
    .requiredOption('-m, --reason <text>', 'why')
    // The repository is an option of the command above.
    .action(async (file: string, _options: unknown, command: Command) => {
      const { reason, repository } = command.optsWithGlobals<{ reason: string; repository?: string }>();
      const source = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new CliError(EXIT.usage, 'file-unreadable', `${file} cannot be read: ${(error as Error).message}.`);
      });
      const body = { source, reason, ...(repository !== undefined && { repository }) };
      const made = await context.client().post('/api/policies', proposedPolicies, { body });
      say(context, command, made, () => [
        `proposed; it holds when an admin has approved it: baton policies approve ${made.id}`,
      ]);
    });

const decide = (context: Context, decision: 'approve' | 'reject'): Command =>
  new Command(decision)
    .argument('<version>', 'number of a proposed version, with --repository of a repository; or its id')
    .description(decision === 'approve' ? 'let a proposed version hold' : 'refuse a proposed version')
    .option('-m, --note <text>', 'why')
    .action(async (version: string, { note }: { note?: string }, command: Command) => {
      const { repository } = command.optsWithGlobals<{ repository?: string }>();
      const body = { decision, ...(note !== undefined && { note }) };
      const client = context.client();
      const id = await idOf(client, version, repository);
      const decided = await client.post(`/api/policies/${encodeURIComponent(id)}/decision`, decidedPolicies, { body });
      say(context, command, decided, () => [
        decision === 'approve' ? 'it holds from now on; approvals that are open stay as they were asked' : 'refused',
      ]);
    });

/** Id of a version by its number; what looks like an id is one. */
async function idOf(client: ApiClient, version: string, repository: string | undefined): Promise<string> {
  if (isUuid(version)) return version;
  const { versions } = await client.get(`/api/policies${queryOf(repository)}`, policies);
  const found = versions.find(({ version: number }) => String(number) === version);
  if (found) return found.id;
  throw new CliError(
    EXIT.notFound,
    'policies-not-found',
    `There is no version ${version}${repository === undefined ? '' : ` of ${repository}'s policies`}; baton policies lists them.`,
  );
}

const queryOf = (repository: string | undefined): string =>
  repository === undefined ? '' : `?${new URLSearchParams({ repository }).toString()}`;
