import { z } from 'zod';
import {
  connectsPlainly,
  describeTree,
  findLogger,
  isForeign,
  judgeLicence,
  logsSensitiveData,
  type FoundLine,
} from '../../domain/repository-facts.js';
import type { JsonObject } from '../../domain/json.js';
import type { Clone } from '../../git/clone.js';
import { findLines, listFiles } from '../../git/find-lines.js';
import { readFileAt } from '../../git/read-file-at.js';

/** Extended regular expressions, by which git finds lines to look at; what they mean is judged after. */
const UNVERIFIED = [
  'reject_?[uU]nauthorized["\']?[[:space:]]*[:=][[:space:]]*(false|False)',
  'NODE_TLS_REJECT_UNAUTHORIZED["\']?\\]?[[:space:]]*[:=][[:space:]]*["\']?0',
  'verify[[:space:]]*=[[:space:]]*False',
  'InsecureSkipVerify[[:space:]]*:[[:space:]]*true',
  'sslmode=(disable|allow|prefer)',
  'strict-ssl[[:space:]]*=[[:space:]]*false',
  'sslVerify[[:space:]]*=?[[:space:]]*false',
];
const WEAK = [
  'create(Hash|Hmac)\\([[:space:]]*["\'`](md4|md5|sha1)["\'`]',
  'create(Cipher|Decipher)(iv)?\\([[:space:]]*["\'`](des|rc4|rc2|bf|aes-[0-9]+-ecb)',
  'hashlib\\.(md4|md5|sha1)\\(',
  'MODE_ECB',
  '(Cipher|MessageDigest)\\.getInstance\\([[:space:]]*"(DES|RC4|AES/ECB|MD5|SHA-?1)',
];
const CONNECTIONS = ['(http|ftp|ldap|amqp|mqtt|redis|mongodb|smtp|ws)://'];
const LOG_CALLS = ['(console\\.|log(ger|ging)?\\.|print(ln|f)?[[:space:]]*\\()'];

const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** What a rule tells of, at most. */
const MAX_PLACES = 50;

/** What a commit's files show: which are there, how they encrypt and log, what they depend on. */
export async function treeFacts(clone: Clone, commit: string, isTest: (path: string) => boolean): Promise<JsonObject> {
  const paths = await listFiles(clone, commit);
  const { secretFiles, ...files } = describeTree(paths, isTest);
  const isOwn = ({ path }: FoundLine): boolean => !isForeign(path) && !isTest(path);
  const find = async (patterns: readonly string[], means: (line: FoundLine) => boolean = () => true) =>
    placesOf((await findLines(clone, commit, patterns)).filter((line) => isOwn(line) && isCode(line) && means(line)));
  const manifest = await readPackage(clone, commit);
  return {
    files: { ...files },
    secrets: { files: [...secretFiles], ignored: await ignoresSecrets(clone, commit) },
    encryption: {
      unverified: await find(UNVERIFIED),
      plain: await find(CONNECTIONS, connectsPlainly),
      weak: await find(WEAK),
    },
    logging: {
      known: manifest !== null && manifest.length > 0,
      library: findLogger(manifest ?? []),
      sensitive: await find(LOG_CALLS, logsSensitiveData),
    },
    dependencies: await dependencyFacts(clone, commit),
  };
}

const PROSE = /\.(?:md|mdx|rst|adoc|txt|html?|svg|lock|csv)$|(?:^|\/)(?:package-lock\.json|CHANGELOG[^/]*)$/i;
/** Prose and lock files speak of settings; they set none. */
const isCode = ({ path }: FoundLine): boolean => !PROSE.test(path);

const placesOf = (lines: readonly FoundLine[]): string[] =>
  lines.slice(0, MAX_PLACES).map(({ path, line }) => `${path}:${line}`);

async function ignoresSecrets(clone: Clone, commit: string): Promise<boolean> {
  const text = (await readFileAt(clone, commit, '.gitignore', MAX_FILE_BYTES)) ?? '';
  return text.split(/\r?\n/).some((line) => /^\/?(?:\*\*\/)?\.env(?:[.*]|\*)?\*?$/.test(line.trim()));
}

const packageJson = z.object({ dependencies: z.record(z.string(), z.unknown()).default({}) });
const packageLock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      license: z.unknown().optional(),
      dev: z.boolean().default(false),
      link: z.boolean().default(false),
    }),
  ),
});

/** The names of what an npm package needs when it runs; null where there is none. */
async function readPackage(clone: Clone, commit: string): Promise<string[] | null> {
  const parsed = packageJson.safeParse(parseJson(await readFileAt(clone, commit, 'package.json', MAX_FILE_BYTES)));
  return parsed.success ? Object.keys(parsed.data.dependencies) : null;
}

/** The licences of what runs with it, as npm's lock file says them. */
async function dependencyFacts(clone: Clone, commit: string): Promise<JsonObject> {
  const text = await readFileAt(clone, commit, 'package-lock.json', MAX_FILE_BYTES);
  const parsed = packageLock.safeParse(parseJson(text));
  const all = Object.entries(parsed.success ? parsed.data.packages : {}).filter(
    ([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link,
  );
  const judged = all.map(([path, { license }]) => {
    const text = typeof license === 'string' ? license : null;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { name: `${name} (${text ?? 'no licence'})`, means: judgeLicence(text) };
  });
  const those = (means: string): string[] =>
    judged.flatMap((each) => (each.means === means ? [each.name] : [])).slice(0, MAX_PLACES);
  return {
    known: parsed.success,
    count: all.length,
    copyleft: those('copyleft'),
    unknown: those('unknown'),
  };
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
