import pino, { type DestinationStream, type Logger } from 'pino';
import { createRedactor, type Redactor, secretsOf } from './redact.js';

export type { Logger };

export interface LoggerOptions {
  readonly name: string;
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where lines go; standard output where left out. */
  readonly destination?: DestinationStream;
  /** Knows more secrets than those of this process's environment. */
  readonly redactor?: Redactor;
}

/** A logger of JSON lines. No secret gets into one: by its key, by what it looks like, by value from the environment. */
export function createLogger({
  name,
  level,
  destination,
  redactor = createRedactor(secretsOf(process.env)),
}: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactor.value(fields) as Record<string, unknown>,
      },
      // Errors are plain objects by then; the usual serializer would take their class for what they are.
      serializers: { err: (value: unknown) => value },
      hooks: { streamWrite: (line) => redactor.text(line) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
