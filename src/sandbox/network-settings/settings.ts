import { createHash } from 'node:crypto';

/** Where files of the worker's network settings lie inside. */
export const NETWORK_FOLDER = '/opt/baton/network';

/** A file that commands with network see, read-only: it never holds a secret. */
export interface SettingsFile {
  /** Absolute, inside. */
  readonly target: string;
  readonly content: string;
}

/** What commands with network get of the worker's own settings. */
export interface NetworkSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly SettingsFile[];
  /** Values in `env` that nobody may see. */
  readonly secrets: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Collects settings; what it is told later of the same name or file counts. */
export class SettingsBuilder {
  readonly #env = new Map<string, string>();
  readonly #files = new Map<string, string>();
  readonly #secrets = new Set<string>();

  /** Sets a variable; a password in an address is kept as a secret. */
  set(name: string, value: string): void {
    this.#env.set(name, value);
    for (const secret of loginsIn(value)) this.#secrets.add(secret);
  }

  setSecret(name: string, value: string): void {
    this.#env.set(name, value);
    this.#secrets.add(value);
  }

  has(name: string): boolean {
    return this.#env.has(name);
  }

  /** Adds a file, and says where it lies inside. */
  file(name: string, content: string): string {
    const target = name.startsWith('/') ? name : `${NETWORK_FOLDER}/${name}`;
    this.#files.set(target, content);
    return target;
  }

  /** Adds the certificates of a PEM file: nothing else of it, above all no private key. Null where it has none. */
  certificates(pem: string | null): string | null {
    const certificates = certificatesIn(pem ?? '');
    if (certificates.length === 0) return null;
    const content = `${certificates.join('\n')}\n`;
    return this.file(`ca-${createHash('sha256').update(content).digest('hex').slice(0, 12)}.pem`, content);
  }

  build(): NetworkSettings {
    return {
      env: Object.fromEntries(this.#env),
      files: [...this.#files].map(([target, content]) => ({ target, content })),
      secrets: [...this.#secrets],
    };
  }
}

export const certificatesIn = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];

/** Passwords, and tokens in the place of a user, in the addresses of a value. */
function loginsIn(value: string): string[] {
  return [...value.matchAll(/[a-z][a-z0-9+.-]*:\/\/([^\s/@]+)@/gi)].flatMap(([, login]) => {
    const [user = '', password] = login!.split(':');
    return [password ?? user].flatMap((secret) => [secret, decoded(secret)]);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
