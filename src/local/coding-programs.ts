import { CODING_PROGRAMS } from '../agents/coding-programs.js';
import { findProgram } from '../sandbox/find-program.js';
import { askVersion, type Version } from './ask-version.js';

/** A program that people write code with, as far as people are told of it. */
export interface KnownProgram {
  /** Its adapter's name. */
  readonly name: string;
  readonly title: string;
  readonly command: string;
  readonly install: string;
  readonly testedVersion: string;
  /** Variables that hold its key; none: that depends on the agent. */
  readonly keys: readonly string[];
  /** How its login is made, where Baton can sign it in without a key. */
  readonly login?: { readonly how: string };
}

/** What is there of it on this machine. */
export interface ProgramHere extends KnownProgram {
  /** Null: it is not on the PATH. */
  readonly found: { readonly path: string; readonly version: Version } | null;
  /** Of its variables those that are set, and those that are not. */
  readonly has: readonly string[];
  readonly lacks: readonly string[];
  /** Whether there is a login that Baton can sign it in with. */
  readonly hasLogin: boolean;
}

/** Some take seconds to start when nothing of them is cached. */
const VERSION_MS = 20_000;

export const knownPrograms = (): readonly KnownProgram[] => CODING_PROGRAMS;

/** Looks for all of them on the PATH of an environment, whose keys none of them gets to see. */
export const programsHere = (env: NodeJS.ProcessEnv, timeoutMs = VERSION_MS): Promise<readonly ProgramHere[]> =>
  Promise.all(
    CODING_PROGRAMS.map(async (program): Promise<ProgramHere> => {
      const searched = env['PATH'] ?? '';
      const path = findProgram(program.command, searched);
      const isSet = (name: string): boolean => (env[name] ?? '') !== '';
      return {
        ...program,
        found: path === null ? null : { path, version: await askVersion(path, searched, timeoutMs) },
        has: program.keys.filter(isSet),
        lacks: program.keys.filter((name) => !isSet(name)),
        hasLogin: typeof (program.login?.find(env) ?? '') !== 'string',
      };
    }),
  );
