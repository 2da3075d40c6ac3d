/** What a server of ours needs of our environment; nobody's keys, nobody's configuration of the same program. */
export function minimalEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, TZ } = process.env;
  const given = Object.entries({ PATH, TMPDIR, TZ }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), HOME: home, LC_ALL: 'C.UTF-8' };
}
