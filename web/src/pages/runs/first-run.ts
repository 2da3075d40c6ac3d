import type { Pipeline, Repository } from '../../api/schemas';

export interface Hint {
  readonly why: string;
  readonly command: string;
}

/** What to type for a first run: commands that the server takes as they stand, with the names that it knows. */
export function firstRun(
  repositories: readonly Pick<Repository, 'name'>[],
  pipelines: readonly Pick<Pipeline, 'name' | 'state' | 'triggers' | 'unavailable'>[],
): readonly Hint[] {
  const [repository] = repositories;
  const ready = pipelines.filter(({ state, unavailable }) => state === 'active' && unavailable.length === 0);
  const labelled = ready.flatMap(({ name, triggers }) => triggers.flatMap(labelOf).map((label) => ({ name, label })));
  const byHand = ready.find(({ triggers }) => triggers.flatMap(labelOf).length === 0);
  if (ready.length === 0)
    return [
      {
        why: 'No pipeline is active. Keep one of yours, and let it start runs:',
        command: 'bin/baton pipelines add pipeline.yaml --activate',
      },
    ];
  if (!repository)
    return [
      {
        why: 'Add a repository: a folder on the machine of the server, or a URL. It is imported; yours is never written to.',
        command: 'bin/baton repo add ~/code/my-library',
      },
    ];
  return [
    ...labelled.slice(0, 1).map(({ name, label }) => ({
      why: `Open an issue. The label ${label} starts ${name}:`,
      command: `bin/baton issue create --repo ${repository.name} --label ${quoted(label)} --title "What you need"`,
    })),
    ...(byHand
      ? [
          {
            why: `${labelled.length > 0 ? 'Or start' : 'Start'} a pipeline by hand:`,
            command: `bin/baton run ${byHand.name} --repo ${repository.name}`,
          },
        ]
      : []),
  ];
}

/** The label that a trigger waits for; the API's schema leaves triggers open. */
function labelOf(trigger: unknown): string[] {
  if (typeof trigger !== 'object' || trigger === null) return [];
  const { kind, label } = trigger as { kind?: unknown; label?: unknown };
  return kind === 'label' && typeof label === 'string' ? [label] : [];
}

/** As one word for a shell. */
const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
