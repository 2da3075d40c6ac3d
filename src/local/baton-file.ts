import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.js';

const batonFileSchema = z.object({
  url: z.url(),
  /** Where people's browsers find it, where that is another address. */
  publicUrl: z.url().optional(),
  /** The key of the person who started the platform. */
  token: z.string(),
  temporalAddress: z.string(),
  /** Not known where the Temporal service is not ours. */
  temporalUi: z.url().optional(),
  databaseUrl: z.string(),
  pid: z.number().int().positive(),
});

/** `baton.json`: how the command line finds the platform of a data directory. There only while it serves. */
export type BatonFile = z.infer<typeof batonFileSchema>;

export function readBatonFile(path: string): BatonFile | undefined {
  return readJsonFile(path, batonFileSchema);
}

export function writeBatonFile(path: string, content: BatonFile): void {
  writeJsonFile(path, content);
}

export function removeBatonFile(path: string): void {
  rmSync(path, { force: true });
}
