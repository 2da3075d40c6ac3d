import { Transform, type TransformCallback } from 'node:stream';

/** What comes through a door is small. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Holds a body back until it is whole, and hands on what is made of it. */
export function wholeBody(onWhole: (body: string) => string): Transform {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      chunks.push(chunk);
      bytes += chunk.length;
      done(bytes > MAX_BYTES ? new Error(`more than ${MAX_BYTES} bytes are asked at once`) : null);
    },
    flush(done: TransformCallback) {
      if (bytes === 0) done();
      else done(null, onWhole(Buffer.concat(chunks).toString('utf8')));
    },
  });
}
