/**
 * Whether a full name (`refs/…`) can be a ref of git: the rules of git-check-ref-format(1), whose process is saved. What
 * passes holds neither white space, nor `:`, which would end it within a refspec.
 */
export const isRefName = (name: string): boolean =>
  !FORBIDDEN.test(name) && name.split('/').every(isComponent) && name.includes('/');

// First what is neither visible ASCII nor beyond it: control characters and the space.
const FORBIDDEN = /[^!-~\u0080-\uffff]|[~^:?*[\\]|\.\.|@\{|\.$/;

const isComponent = (part: string): boolean => part !== '' && !part.startsWith('.') && !part.endsWith('.lock');
