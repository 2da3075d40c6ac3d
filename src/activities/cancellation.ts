import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';

const signals = new AsyncLocalStorage<AbortSignal>();

/**
 * What ends the activity at work. Temporal's own signal knows of an activity only while that has one of the worker's
 * slots; this one goes on in the background.
 */
export const cancellation = (): AbortSignal => signals.getStore() ?? Context.current().cancellationSignal;

/** Runs an activity under a signal of the worker's. */
export const withCancellation = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  signals.run(signal, work);
