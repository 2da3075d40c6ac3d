import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTestServer } from '../../src/local/toolchain.js';
import { parseEnvironment } from '../../src/schema/environment.js';
import { requiredAddress } from './required-address.js';

/** The Temporal dev server that all suites share, with all search attributes, in its namespace `default`. */
export function temporalAddress(): string {
  return requiredAddress('BATON_TEST_TEMPORAL_ADDRESS');
}

/** A client of the shared server; the caller closes its connection. */
export async function connectToTemporal(): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address: temporalAddress() }) });
}

/** A task queue that no other suite's worker polls. */
export function uniqueTaskQueue(name = 'test'): string {
  return `${name}-${randomUUID()}`;
}

/**
 * A time-skipping server of its own; the caller tears it down. One a test file: after one case hangs, later timers
 * of the same server hang too.
 */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = findTestServer(parseEnvironment(process.env).cacheDirectory);
  // It is given five seconds to come up, which a JVM on a busy machine may miss.
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
      });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

const TRIES = 5;
