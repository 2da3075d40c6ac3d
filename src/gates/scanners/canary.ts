import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScanFinding, ToolReport } from '../../domain/scan.js';
import type { ScanContext } from './scanner.js';
import { unclear } from './run-tool.js';

/** Something bad that is put into the checkout: a scanner that looks must find it. */
export interface Canary {
  /** Below the checkout. */
  readonly folder: string;
}

/**
 * Puts files into the checkout that the tool must find something in, for as long as it runs. The folder's name is a
 * random one, which no setting of the repository can make it pass over.
 */
export async function withCanary<T>(
  { policy }: ScanContext,
  files: Readonly<Record<string, string>>,
  use: (canary: Canary) => Promise<T>,
): Promise<T> {
  const folder = `canary-${randomBytes(8).toString('hex')}`;
  const path = join(policy.workspace.path, folder);
  await mkdir(path);
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
    return await use({ folder });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** What the tool found in the repository, if it found the canary's files as well: all of them. */
export function provedBy(
  tool: string,
  { folder }: Canary,
  files: readonly string[],
  found: readonly ScanFinding[],
  knows: string,
): ToolReport {
  const inCanary = ({ file }: ScanFinding): boolean => file?.startsWith(`${folder}/`) ?? false;
  const findings = found.filter((finding) => !inCanary(finding));
  const missed = files.filter((name) => !found.some(({ file }) => file === `${folder}/${name}`));
  if (missed.length > 0)
    return unclear(
      tool,
      `it passed over what was planted for it (${missed.join(', ')})`,
      `Install ${tool} anew: what it does here is not what it should.`,
      findings,
    );
  return { tool, findings, proof: `found what was planted for it; ${knows}`, inconclusive: null };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Shaped as a token of GitHub is, and none: made when it is needed, so that no file of ours holds one. */
export const madeUpToken = (): string =>
  `ghp_${Array.from(randomBytes(36), (byte) => LETTERS[byte % LETTERS.length]).join('')}`;
