/** Where a repository is imported from, without what gives access: a token in an address is a secret. */
export function withoutCredentials(source: string): string {
  if (!/^[a-z]+:\/\//i.test(source) || !URL.canParse(source)) return source;
  const { protocol, host, pathname } = new URL(source);
  return `${protocol}//${host}${pathname}`;
}
