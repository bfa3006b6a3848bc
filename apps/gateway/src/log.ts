import { diag, DiagLogLevel } from '@opentelemetry/api';
import { destination, pino, type Level, type Logger } from 'pino';

export interface Log {
  readonly logger: Logger;
  /** Writes what is still in memory. Call it last. */
  flush(): void;
}

/** JSON lines on standard output, written behind the requests' backs. */
export function createLog(level: Level | 'silent'): Log {
  const out = destination({ dest: 1, sync: false });
  // An operator who closes the pipe wants silence, not a crash.
  out.on('error', () => undefined);
  const logger = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, out);
  return { logger, flush: () => flushQuietly(out) };
}

function flushQuietly(out: ReturnType<typeof destination>): void {
  try {
    out.flushSync();
  } catch {
    // Not open yet, or closed already: nothing is waiting to be written.
  }
}

/** What OpenTelemetry has to say, such as a log that could not be written. */
export function diagnoseTo(logger: Logger): void {
  const say =
    (level: Level) =>
    (message: string, ...details: unknown[]) =>
      logger[level]({ details }, message);
  const levels = {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('trace'),
  };
  diag.setLogger(levels, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
