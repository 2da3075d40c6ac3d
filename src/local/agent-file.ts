import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const agents = z.union([z.array(z.looseObject({})), z.looseObject({}).transform((agent) => [agent])]);
const entryOf = z.looseObject({ entry: z.looseObject({}) });

/**
 * The agents of a YAML file, as they are registered: what their entries name is seen from the file, a program's
 * `directory`, and each file of rules among `standards`, which is put in its place.
 */
export async function readAgentFile(file: string): Promise<Record<string, unknown>[]> {
  const found = agents.parse(parse(await readFile(file, 'utf8')));
  return Promise.all(found.map((agent) => resolveEntry(agent, dirname(file))));
}

async function resolveEntry(agent: Record<string, unknown>, folder: string): Promise<Record<string, unknown>> {
  const own = entryOf.safeParse(agent);
  if (!own.success) return agent;
  const { entry } = own.data;
  const { directory, standards } = entry;
  return {
    ...agent,
    entry: {
      ...entry,
      ...(typeof directory === 'string' && { directory: resolve(folder, directory) }),
      ...(Array.isArray(standards) && { standards: await Promise.all(standards.map((each) => rulesOf(each, folder))) }),
    },
  };
}

const rulesOf = async (named: unknown, folder: string): Promise<unknown> =>
  typeof named === 'string' ? (parse(await readFile(resolve(folder, named), 'utf8')) as unknown) : named;
