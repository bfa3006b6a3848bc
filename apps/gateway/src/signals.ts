import type { Clock } from '@x/core';

/** `npm start` passes on a signal that the terminal has sent already: two of them within this time, in milliseconds, are one. */
const SAME_MS = 250;

const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;

export interface StopOptions {
  readonly clock: Clock;
  /** Ends the work in an orderly way. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  /** Ends the process. @default process.exit */
  readonly exit?: (code: number) => void;
}

/** The first signal stops in an orderly way and exits with 0; a second one exits at once. Returns a function that unlistens. */
export function onStopSignal({ clock, stop, exit = process.exit }: StopOptions): () => void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: keyof typeof SIGNALS) => {
    if (stoppingSince === undefined) {
      stoppingSince = clock.now();
      stop(signal).then(
        () => exit(0),
        () => exit(1),
      );
    } else if (clock.now() - stoppingSince > SAME_MS) {
      // The shells' convention for a process that a signal ended.
      exit(128 + SIGNALS[signal]);
    }
  };
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const name of names) process.on(name, onSignal);
  return () => {
    for (const name of names) process.off(name, onSignal);
  };
}
