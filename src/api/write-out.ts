import type { Response } from 'express';

/** Writes to a reader, and waits for one that is slow; gone, it takes no more. */
export async function writeOut(res: Response, chunk: Buffer | string): Promise<void> {
  if (res.write(chunk) || res.destroyed) return;
  await new Promise<void>((resolve) => {
    res.once('drain', resolve);
    res.once('close', resolve);
  });
}
