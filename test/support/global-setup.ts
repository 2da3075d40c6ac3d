import './typescript-imports.js';

/** One PostgreSQL and one Temporal dev server for all suites; their addresses go to the workers by environment. */
export default async function globalSetup(): Promise<void> {
  const { startTestServers } = await import('./servers.js');
  await startTestServers();
}
