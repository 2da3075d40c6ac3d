import './typescript-imports.js';

export default async function globalTeardown(): Promise<void> {
  const { stopTestServers } = await import('./servers.js');
  await stopTestServers();
}
