export { slugify } from './slugify.js';
export { titleCase } from './title-case.js';
export { wrap } from './wrap.js';
