import type { Guidance } from '../../agents/harness.js';
import { branchHead } from '../../git/clone.js';
import { readFileAt } from '../../git/read-file-at.js';
import type { ActivityDeps } from '../deps.js';
import type { RunLog } from '../run-log.js';
import type { Checkout } from '../workspace.js';

/** Files in which repositories speak to agents, by the names that the programs document. */
export const GUIDANCE_FILES = ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md', '.github/copilot-instructions.md'] as const;
const MAX_BYTES = 256 * 1024;
const MAX_CHARACTERS = 16_000;

/**
 * What a repository tells agents, as plain text: read from the default branch, never from the change, so that an agent
 * cannot write its own orders. Links and imports are not followed, and of the same text there is one.
 */
export async function repositoryGuidance(
  deps: ActivityDeps,
  { clone, repository }: Checkout,
  log: Pick<RunLog, 'line'>,
): Promise<readonly Guidance[]> {
  const head = await branchHead(clone, repository.defaultBranch);
  if (head === null) return [];
  const found: Guidance[] = [];
  for (const path of GUIDANCE_FILES) {
    try {
      const content = await readFileAt(clone, head, path, MAX_BYTES);
      const text = content === null ? '' : shown(deps.redactor.text(content));
      if (text !== '' && !found.some((known) => known.text === text)) found.push({ path, text });
    } catch (error) {
      log.line(`${path} is not told to agents: ${(error as Error).message}`);
    }
  }
  return found;
}

/** Without control characters, which a terminal or a model could take for something else. */
function shown(content: string): string {
  // eslint-disable-next-line no-control-regex -- exactly these are removed
  const text = content.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '');
  const whole = text.trim();
  return whole.length <= MAX_CHARACTERS ? whole : `${whole.slice(0, MAX_CHARACTERS)}…`;
}
