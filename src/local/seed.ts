export interface SeedOptions {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly demo: boolean;
}

export interface Seeded {
  /** The key of the person who starts the platform. */
  readonly token: string;
  signInUrl(baseUrl: string): string;
}

/** What a new data directory begins with; a later start finds it there. */
export function seed(options: SeedOptions): Promise<Seeded> {
  return Promise.resolve({ token: options.dataDirectory, signInUrl: (baseUrl) => baseUrl });
}
