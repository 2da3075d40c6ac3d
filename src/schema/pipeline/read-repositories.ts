import { isPerRepository, REPOSITORIES_PARAMETERS } from '../../domain/catalogue.js';
import { quote, type Problems } from './diagnostic.js';
import type { Draft, Work } from './draft.js';
import { describe } from './fields.js';
import type { KnownNames } from './known-names.js';
import type { StepFields } from './read-step.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

/** Over which repositories a step is mapped, and the parameters without those that say so. */
export interface RepositoryScope {
  readonly repositories: Draft['repositories'];
  readonly params: readonly YamlEntry[];
}

/**
 * Reads `repos: all`, a name, a list of names or an expression of an action that looks at one repository at a time.
 * Such a step that names no repository looks at the run's own, or, in a run without one, at each of the project.
 */
export function readRepositories(
  fields: StepFields,
  work: Work,
  params: readonly YamlEntry[],
  problems: Problems,
  known: KnownNames,
): RepositoryScope {
  if ((work.kind !== 'action' && work.kind !== 'agent') || !isPerRepository(work.action.text))
    return { repositories: null, params };
  const [first, second] = params.filter(({ key }) => REPOSITORIES_PARAMETERS.includes(key));
  const rest = params.filter(({ key }) => !REPOSITORIES_PARAMETERS.includes(key));
  const placed = fields.map ?? fields.repository;
  if (second)
    problems.error(
      'double-key',
      second.keyAt,
      `${quote(second.key)} says the same as ${quote(first!.key)}`,
      'keep one of them',
    );
  if (!first) return { repositories: placed ? null : { kind: 'project' }, params: rest };
  if (placed) {
    problems.error(
      'double-key',
      first.keyAt,
      `${quote(first.key)} and ${quote(placed.key)} both say which repositories are meant`,
      'keep one of them',
    );
    return { repositories: null, params: rest };
  }
  return { repositories: readNames(first.key, first.value, problems, known), params: rest };
}

function readNames(key: string, value: YamlNode, problems: Problems, known: KnownNames): Draft['repositories'] {
  if (value.kind === 'scalar' && value.faulty) return null;
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const text = value.value.trim();
    if (text === 'all' || text === '*') return { kind: 'all' };
    if (/^\{\{.*\}\}$/s.test(text)) return { kind: 'expression', node: value };
  }
  const items = value.kind === 'list' ? value.items : [value];
  if (value.kind === 'map' || items.length === 0 || !items.every(isName)) {
    problems.error(
      'bad-parameter',
      value,
      `${quote(key)} is \`all\`, the name of a repository or a list of names, not ${describe(value)}`,
      'such as `repos: all` or `repos: [web, api]`',
    );
    return null;
  }
  const nodes = items.filter(isName);
  for (const node of nodes) checkName(node, problems, known);
  return { kind: 'named', names: [...new Set(nodes.map(({ value: name }) => name.trim()))] };
}

type NameNode = YamlNode & { readonly kind: 'scalar'; readonly value: string };
const isName = (node: YamlNode): node is NameNode =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '' && !node.value.includes('{{');

function checkName(node: NameNode, problems: Problems, { repositories }: KnownNames): void {
  const name = node.value.trim();
  if (repositories?.includes(name)) return;
  if (repositories)
    problems.error(
      'unknown-repository',
      node,
      `there is no repository ${quote(name)} in this project`,
      problems.didYouMean(name, [...repositories, 'all']),
    );
  else
    problems.warning(
      'repository-unchecked',
      node,
      `whether there is a repository ${quote(name)} is only known on the server`,
    );
}
