/**
 * Preloaded into a measured process (`node --import`): answers over its IPC channel with what it has used so far.
 * Memory is read after a collection, so that garbage does not count.
 */
declare const gc: (() => void) | undefined;

export interface Reading {
  /** Microseconds of CPU, user and system. */
  readonly cpuUs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

process.on('message', (message) => {
  if (message !== 'read') return;
  const { user, system } = process.cpuUsage();
  collect(() => {
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ reading: { cpuUs: user + system, heapBytes: heapUsed + external, rssBytes: rss } });
  });
});

/** Twice, with a turn between: buffers outside the heap are let go only after their owners are gone. */
function collect(done: () => void): void {
  if (typeof gc !== 'function') return done();
  gc();
  setImmediate(() => {
    gc?.();
    done();
  });
}
// The channel alone must not keep a server alive that has been told to stop.
process.channel?.unref();
