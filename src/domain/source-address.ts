/** Where a repository is imported from, without what gives access: a token in an address is a secret. */
export function withoutCredentials(source: string): string {
  if (!/^[a-z]+:\/\//i.test(source) || !URL.canParse(source)) return source;
  const { protocol, username, host, pathname } = new URL(source);
  // SSH needs the name of the user, which is no secret; over HTTP a token may stand in its place.
  const user = protocol === 'ssh:' && username !== '' ? `${username}@` : '';
  return `${protocol}//${user}${host}${pathname}`;
}
