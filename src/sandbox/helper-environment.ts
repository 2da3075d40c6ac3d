/** The environment of a program of the system that Baton starts for itself: nothing of the worker's, whose keys are in it. */
export const helperEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: 'C',
});
