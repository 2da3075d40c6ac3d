/**
 * Whether a full name (`refs/…`) can be a ref of git: the rules of git-check-ref-format(1), whose process is saved. What
 * passes holds neither white space, nor `:`, which would end it within a refspec.
 */
export const isRefName = (name: string): boolean =>
  !FORBIDDEN.test(name) && name.split('/').every(isComponent) && name.includes('/');

// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/;

const isComponent = (part: string): boolean => part !== '' && !part.startsWith('.') && !part.endsWith('.lock');
