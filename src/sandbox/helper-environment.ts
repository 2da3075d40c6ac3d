/** The environment of a program of the system that Baton starts for itself: nothing of the worker's, whose keys are in it. */
export const helperEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C' });
