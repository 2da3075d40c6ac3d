/** A repository's name from its path or URL; empty where it has none to take. */
export const nameOf = (source: string): string =>
  (source.trim().replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '')
    .replace(/\.git$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 63);

export const isSource = (text: string): boolean =>
  text.startsWith('/') || /^(https?|ssh|git):\/\/[^\s]+$/.test(text) || /^[\w.-]+@[\w.-]+:[^\s]+$/.test(text);
