/**
 * Preloaded into a measured process (`node --import`): answers over its IPC channel with what it has used so far. CPU is read without a
 * collection, which would be counted with the requests that follow it and throw away what V8 has learned of the code; memory after one,
 * so that garbage does not count.
 */
declare const gc: (() => void) | undefined;

export interface CpuReading {
  /** Microseconds, user and system. */
  readonly cpuUs: number;
}

export interface MemoryReading {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

process.on('message', (message) => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: { cpuUs: user + system } });
  }
  if (message === 'memory') {
    collect(() => {
      const { heapUsed, external, rss } = process.memoryUsage();
      process.send?.({ memory: { heapBytes: heapUsed + external, rssBytes: rss } });
    });
  }
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
