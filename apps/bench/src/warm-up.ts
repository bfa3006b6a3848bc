/**
 * Requests that a process answers before it is measured. V8 goes on compiling for that long, in bare proxy and gateway alike: the first
 * 1,500 requests of either take five times the processor of the twentieth 1,500.
 */
export const WARM_UP_REQUESTS = 60_000;
