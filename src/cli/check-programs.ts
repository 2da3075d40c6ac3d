import { programsHere, type ProgramHere } from '../local/coding-programs.js';
import type { Check } from './doctor.js';
import { plain } from './output/style.js';

/** The programs that people write code with: which are here, and what they lack. None of them is needed. */
export async function checkPrograms(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const checks = (await programsHere(env)).map((program) => ({ name: program.title, ...judge(program) }));
  return checks.map((check) => ({ ...check, detail: plain(check.detail) }));
}

function judge(program: ProgramHere): Pick<Check, 'state' | 'detail'> {
  const { found, has, lacks, login, hasLogin, install, testedVersion, command } = program;
  if (found === null) {
    const key = has.length > 0 ? `${has.join(' and ')} ${has.length > 1 ? 'are' : 'is'} set; ` : '';
    return { state: 'note', detail: `${key}${command} is not on the PATH: \`${install}\` brings it.` };
  }
  const { path, version } = found;
  if (version.kind === 'unsaid')
    return {
      state: 'warning',
      detail: `${path} does not tell its version, ${version.why}: \`${install}\` may mend it.`,
    };
  const age = compareVersions(version.version, testedVersion);
  const tested =
    age === 0
      ? version.version
      : `${version.version}, ${age < 0 ? 'older' : 'newer'} than ${testedVersion}, which Baton is tested with`;
  if (lacks.length > 0 && !hasLogin)
    return {
      state: 'warning',
      detail: `${tested}; its key is missing: set ${lacks.join(' and ')} in the environment of the worker.${login ? ` For a login in place of it: ${login.how}.` : ''}`,
    };
  const keyOnly =
    has.length > 0 ? `; its key ${has.join(' and ')} is set` : '; which key it needs is said by its agent';
  const key = lacks.length > 0 ? '; its login is there, for agents with `signIn: login`' : keyOnly;
  if (age < 0) return { state: 'warning', detail: `${tested}: \`${install}\` brings it up to date${key}.` };
  return { state: 'ok', detail: `${tested}${key}` };
}

/** By their numbers; less than 0: the first one is older. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('-', 1)[0]!.split('.').map(Number));
  const at = a!.findIndex((part, index) => part !== (b![index] ?? 0));
  if (at === -1) return a!.length - b!.length;
  return a![at]! - (b![at] ?? 0);
}
