import { git, gitOutput, type GitOptions } from './git.js';
import { stagedChanges, type StagedChange } from './staged-changes.js';

type Index = Pick<GitOptions, 'gitDir' | 'workTree'>;

/** A file whose content git converted when it was staged. */
interface Converted {
  readonly path: string;
  readonly mode: string;
  readonly before: string;
  readonly staged: string;
  /** The blob of the file as the worktree has it. */
  readonly raw: string;
}

/**
 * Undoes the normalisation of line ends that git does while staging. A repository can hold CRLF in files that its
 * `.gitattributes` declare as LF. Git then rewrites every line of them on the next `git add`, which is no work of the
 * agent. A file that only git rewrote stays as the parent has it. A file that the agent edited is staged as the
 * worktree has it, so that only the edited lines change.
 *
 * @returns whether the index has new content, which nobody has looked at yet.
 */
export async function keepLineEnds(index: Index, parent: string): Promise<boolean> {
  const converted = await convertedFiles(index, parent);
  const entries: string[] = [];
  let hasNewContent = false;
  for (const file of converted) {
    const kept = await blobToKeep(index, file);
    if (kept === null) continue;
    hasNewContent ||= kept === file.raw;
    entries.push(`${file.mode} ${kept}\t${file.path}\0`);
  }
  if (entries.length > 0) await git(['update-index', '-z', '--index-info'], { ...index, input: entries.join('') });
  return hasNewContent;
}

async function convertedFiles(index: Index, parent: string): Promise<readonly Converted[]> {
  const modified = (await stagedChanges(index, parent)).filter(isModifiedFile);
  const ids = await hashFiles(index, modified);
  const files = modified.map(({ path, mode, id, before }, at) => ({
    path,
    mode,
    before: before.id,
    staged: id,
    raw: ids[at]!,
  }));
  return files.filter(({ staged, raw }) => raw !== staged);
}

async function blobToKeep(index: Index, file: Converted): Promise<string | null> {
  const before = await readBlob(index, file.before);
  if (!before.includes('\r\n')) return null;
  await hashFiles(index, [file], ['-w']);
  const staged = await readBlob(index, file.staged);
  // Another conversion, such as `working-tree-encoding`: its result is what belongs in the repository.
  if (withLf(await readBlob(index, file.raw)) !== staged) return null;
  return withLf(before) === staged ? file.before : file.raw;
}

/** The ids of files as they are in the worktree, without any conversion. */
async function hashFiles(
  index: Index,
  files: readonly { readonly path: string }[],
  options: readonly string[] = [],
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const input = files.map(({ path }) => `${quoted(path)}\n`).join('');
  return (await git(['hash-object', '--no-filters', '--stdin-paths', ...options], { ...index, input })).split('\n');
}

/** Every byte as one character. */
async function readBlob(index: Index, id: string): Promise<string> {
  const chunks: Buffer[] = [];
  await gitOutput(['cat-file', 'blob', id], { ...index, onOutput: (chunk) => chunks.push(chunk) });
  return Buffer.concat(chunks).toString('latin1');
}

const withLf = (content: string): string => content.replaceAll('\r\n', '\n');

/** A path as a C string, which git reads wherever it reads one path a line. */
const quoted = (path: string): string =>
  `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;

type ModifiedFile = StagedChange & { readonly before: NonNullable<StagedChange['before']> };

const isModifiedFile = (change: StagedChange): change is ModifiedFile =>
  isFile(change.mode) && change.before !== null && isFile(change.before.mode) && change.id !== change.before.id;

const isFile = (mode: string): boolean => mode === '100644' || mode === '100755';
