/** The one queue, until pools exist. */
export const TASK_QUEUE = 'default';
