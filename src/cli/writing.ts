import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError, EXIT } from './exit-code.js';

/** Of an option that may be repeated, or hold several names with commas. */
export const collectNames = (text: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

/** Of an option that may be repeated: commas and other punctuation belong to the label. */
export const collectLabels = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text.trim()];

/** What a person writes at length: given as it is, or as a file. */
export async function bodyOf({ body, bodyFile }: { body?: string; bodyFile?: string }): Promise<string> {
  if (bodyFile === undefined) return body ?? '';
  if (body !== undefined)
    throw new CliError(EXIT.usage, 'two-bodies', 'Give the body as --body or as --body-file, not both.');
  try {
    return await (bodyFile === '-' ? text(process.stdin) : readFile(bodyFile, 'utf8'));
  } catch (error) {
    throw new CliError(EXIT.usage, 'file-unreadable', `${bodyFile} cannot be read: ${(error as Error).message}.`);
  }
}

/** A path of the API, seen in one project where that is named. */
export const inProject = (path: string, project: string | undefined): string =>
  project === undefined ? path : `${path}?project=${encodeURIComponent(project)}`;
