/** What can be seen of a step. */
export const STEP_TABS = ['overview', 'activity', 'input', 'output', 'log', 'diff'] as const;
export type StepTab = (typeof STEP_TABS)[number];
