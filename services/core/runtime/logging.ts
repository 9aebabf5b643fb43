// The process's log: JSON lines, one event each. What a client or an operator typed as a secret never goes in; `redact` is the net below.
import pino from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields first, then a message that stays the same from event to event. An error goes under `error`. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to each line. */
  child(fields: Record<string, unknown>): Logger;
}

const STDERR = 2;

/** Logs to standard error, synchronously: nothing is lost when the process exits. `write` takes the lines instead, for tests. */
export function openLog(level: LogLevel, nodeName: string, write?: (line: string) => void): Logger {
  const destination = write ? { write } : pino.destination({ fd: STDERR, sync: true });
  return pino(
    {
      level,
      base: { node: nodeName },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.errWithCause },
      redact: ['password', '*.password', 'passwordHash', '*.passwordHash'],
    },
    destination,
  );
}
