import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { endGroup, groupLives } from './process-group.js';
import { identify, isAlive } from './process-identity.js';

const defaultGraceMs = 5_000;

const childRecordSchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.string(),
  argv: z.array(z.string()),
});

/** A child that was running, as its file in the run directory tells it. */
export type ChildRecord = z.infer<typeof childRecordSchema>;

/** Leaves a record of a child that has just been started, so that a start after a crash can find and end it. */
export function recordChild(runDirectory: string, name: string, pid: number, argv: readonly string[]): void {
  const identity = identify(pid);
  if (identity) writeJsonFile(recordFile(runDirectory, name), { ...identity, argv });
}

/** A record that cannot be removed does no harm: its process is gone, and the next start sees that. */
export function forgetChild(runDirectory: string, name: string): void {
  try {
    rmSync(recordFile(runDirectory, name), { force: true });
  } catch {
    // See above.
  }
}

/**
 * Ends what an earlier platform left running when it crashed: TERM, then KILL, each with its process group.
 * Only with the platform's lock held. Gives the names of those that were ended.
 */
export async function endLeftovers(runDirectory: string, { graceMs = defaultGraceMs } = {}): Promise<string[]> {
  const names = readdirSync(runDirectory)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'));
  const ended = await Promise.all(names.map((name) => endLeftover(runDirectory, name, graceMs)));
  return names.filter((_, index) => ended[index]);
}

async function endLeftover(runDirectory: string, name: string, graceMs: number): Promise<boolean> {
  const record = readJsonFile(recordFile(runDirectory, name), childRecordSchema);
  const runs = record !== undefined && isOurs(record);
  if (runs) await endGroup(record.pid, graceMs);
  forgetChild(runDirectory, name);
  return runs;
}

/**
 * A child led its process group. Its members may outlive it, and as long as they do the system gives its pid to
 * nobody; a living process under that pid with another start time means that the group is long gone.
 */
function isOurs(record: ChildRecord): boolean {
  return isAlive(record) || (identify(record.pid) === undefined && groupLives(record.pid));
}

const recordFile = (runDirectory: string, name: string) => join(runDirectory, `${name}.json`);
