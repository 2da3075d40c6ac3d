import type { RequestedFile } from '../../agents/harness.js';
import { openArtifact, replaceArtifact } from '../../artifacts/artifacts.js';
import { importedFiles, importMark } from '../../domain/context/imports.js';
import { relevantFiles, stemOf, type RelevantFile } from '../../domain/context/relevance.js';
import { snippetsOf } from '../../domain/context/snippets.js';
import { tellingWords } from '../../domain/context/words.js';
import type { Json } from '../../domain/json.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { Clone } from '../../git/clone.js';
import { findLines, listFiles } from '../../git/find-lines.js';
import { pastCommits } from '../../git/history.js';
import { readFileAt } from '../../git/read-file-at.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';
import type { RunLog } from '../run-log.js';

const MAX_FILES = 12;
const MAX_LINES = 40;
const MAX_COMMITS = 200;
const MAX_FILE_BYTES = 256 * 1024;
/** The most relevant, whose mentions in other files are looked for. */
const SOURCES = 5;

/** The file of an attempt that holds what it was told of the repository. */
export const CONTEXT_FILE = 'context.json';

/** Changed files whose imports are followed. */
const MAX_CHANGED = 30;

/**
 * The files of the repository that may matter most for a step: what the change so far imports and is imported by, and what
 * the words of the issue, the history and references lead to. Kept as an artifact of the attempt, which the briefing shows.
 * Where it cannot be found the agent looks by itself.
 */
export async function findRelevantFiles(
  deps: ActivityDeps,
  request: Pick<AttemptRequest, 'ref' | 'attempt' | 'issue'> & { readonly changedPaths: readonly string[] },
  { clone, commit, log }: { readonly clone: Clone; readonly commit: string; readonly log: RunLog },
): Promise<readonly RequestedFile[]> {
  const startedAt = performance.now();
  try {
    const words = tellingWords(ISSUE_TEXTS.flatMap((name) => textsOf(request.issue?.[name] ?? null)));
    const paths = await listFiles(clone, commit);
    const beside = await besideChange(clone, commit, request.changedPaths, paths);
    const bySearch = words.length === 0 ? [] : await search(clone, commit, words, paths);
    const known = new Set([...request.changedPaths, ...beside.map(({ path }) => path)]);
    const found = [...beside, ...bySearch.filter(({ path }) => !known.has(path))].slice(0, MAX_FILES);
    const files: RequestedFile[] = [];
    for (const { path, why, lines } of found) {
      const content = await readFileAt(clone, commit, path, MAX_FILE_BYTES).catch(() => null);
      if (content !== null && !content.includes('\0'))
        files.push({ path, why, snippets: snippetsOf(deps.redactor.text(content), lines, MAX_LINES) });
    }
    await keep(deps, request, commit, files);
    log.line(`context: ${files.length} files that may matter, in ${Math.round(performance.now() - startedAt)} ms`);
    return files;
  } catch (error) {
    log.line(`context: no files were found: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** The parts of an issue that describe the work; labels and authors name no files. */
const ISSUE_TEXTS = ['title', 'body', 'acceptance_criteria'];

/** Files that changed files import, and those that import them. */
async function besideChange(
  clone: Clone,
  commit: string,
  changedPaths: readonly string[],
  allPaths: readonly string[],
): Promise<readonly RelevantFile[]> {
  const paths = new Set(allPaths);
  const changed = changedPaths.filter((path) => paths.has(path)).slice(0, MAX_CHANGED);
  if (changed.length === 0) return [];
  const contentOf = async (path: string): Promise<string> =>
    (await readFileAt(clone, commit, path, MAX_FILE_BYTES).catch(() => null)) ?? '';
  const found = new Map<string, RelevantFile>();
  const add = (path: string, why: string, line: number | null): void => {
    const known = found.get(path) ?? { path, why: [], lines: [] };
    const lines = line === null ? known.lines : [...known.lines, line];
    found.set(path, { path, why: [...new Set([...known.why, why])], lines });
  };
  for (const path of changed)
    for (const imported of importedFiles(path, await contentOf(path), paths))
      if (!changed.includes(imported)) add(imported, `${path} imports it`, null);
  const marks = [...new Set(changed.map(importMark))].filter((mark) => mark.length > 1);
  const mentions =
    marks.length === 0
      ? []
      : await findLines(clone, commit, [`(import|from|require|use|mod|include).*(${marks.map(escaped).join('|')})`]);
  for (const { path, line } of mentions) {
    if (changed.includes(path)) continue;
    const imported = importedFiles(path, await contentOf(path), paths).find((other) => changed.includes(other));
    if (imported !== undefined) add(path, `it imports ${imported}`, line);
  }
  return [...found.values()];
}

async function search(clone: Clone, commit: string, words: readonly string[], paths: readonly string[]) {
  const [lines, history] = await Promise.all([
    findLines(clone, commit, words.map(escaped), { ignoreCase: true }),
    pastCommits(clone, commit, MAX_COMMITS),
  ]);
  const first = relevantFiles({ words, paths, lines, history }, SOURCES);
  const stems = first.map(({ path }) => stemOf(path)).filter((stem) => stem.length > 2);
  const mentions =
    stems.length === 0
      ? []
      : await findLines(clone, commit, [`['"/](${stems.map(escaped).join('|')})(\\.[a-z]+)?['"]`]);
  return relevantFiles({ words, paths, lines: [...lines, ...mentions], history }, MAX_FILES);
}

const escaped = (text: string): string => text.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&');

/** Every text in a value, of labels and authors too. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

const keep = (
  deps: ActivityDeps,
  { ref, attempt }: Pick<AttemptRequest, 'ref' | 'attempt'>,
  commit: string,
  files: readonly RequestedFile[],
): Promise<void> =>
  persist(deps, ref.run.organisationId, async (tx) => {
    const { organisationId, runId } = ref.run;
    const { id } = await openArtifact(tx, {
      ...{ organisationId, runId, step: ref.step, item: ref.item, attempt },
      ...{ kind: 'context', name: CONTEXT_FILE, mediaType: 'application/json' },
    });
    await replaceArtifact(tx, id, Buffer.from(JSON.stringify({ commit, files })));
  });
