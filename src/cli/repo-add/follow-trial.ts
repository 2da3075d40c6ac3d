import type { z } from 'zod';
import { trial, trialList } from '../../schema/api/repository-proposal.js';
import type { ApiClient } from '../client/api-client.js';
import { CliError } from '../exit-code.js';
import { interrupted } from '../terminal/interruption.js';

export type Trial = z.output<typeof trial>;

const POLL_MS = 300;

const isOpen = ({ status }: Pick<Trial, 'status'>): boolean => status === 'pending' || status === 'running';

/** Starts a trial; where one of the same configuration is open already, that one. Another one is stopped first. */
export async function startTrial(client: ApiClient, at: string, config: string): Promise<Trial> {
  try {
    return await client.post(`${at}/trials`, trial, { body: { config } });
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'trial-open') throw error;
    const { items } = await client.get(`${at}/trials`, trialList);
    const open = items.find(isOpen);
    if (open?.config === config) return open;
    if (open) await stopTrial(client, at, open.id);
    return client.post(`${at}/trials`, trial, { body: { config } });
  }
}

/**
 * Waits for the end of a trial.
 *
 * @param onOutput is given what is new in its log, as it grows.
 */
export async function followTrial(
  client: ApiClient,
  at: string,
  id: string,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<Trial> {
  let offset = 0;
  const decoder = new TextDecoder();
  for (;;) {
    const now = await client.get(`${at}/trials/${id}`, trial);
    if (now.logArtifact !== null) {
      const response = await client.open(`/api/artifacts/${now.logArtifact}?offset=${offset}`, {});
      const bytes = await response.arrayBuffer();
      offset += bytes.byteLength;
      if (bytes.byteLength > 0) onOutput(decoder.decode(bytes, { stream: true }));
    }
    if (!isOpen(now)) return now;
    if (signal.aborted) throw interrupted('Interrupted.');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Stops a trial and waits until nothing of it runs. One that has ended is left as it is. */
export async function stopTrial(client: ApiClient, at: string, id: string): Promise<void> {
  try {
    await client.post(`${at}/trials/${id}/cancel`, trial);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'trial-ended') throw error;
  }
  await followTrial(client, at, id, () => undefined, new AbortController().signal);
}

/** Whether agents can be judged here: set-up and tests passed, where there are any. */
export const isUsable = (trial: Trial | null): boolean =>
  trial?.status === 'done' &&
  trial.phases.every(
    ({ name, status, command }) => status === 'pass' || !['setup', 'tests'].includes(name) || command === null,
  );
