export { run } from './run.js';
export { step } from './step.js';
