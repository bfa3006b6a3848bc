import type { Demand } from '../limits/limit.ts';

/** What is kept of a lease: see ACQUIRE, which writes it. */
export interface LeaseRecord {
  readonly acquiredAt: number;
  readonly demand: Demand;
  readonly limits: string;
  readonly counters: readonly string[];
}

/** Undefined for an empty text: there is no such lease. */
export function parseRecord(text: string): LeaseRecord | undefined {
  if (text === '') return undefined;
  // What follows an empty line is for the scripts alone.
  const [header = '', limits = '', ...counters] = text.slice(0, text.indexOf('\n\n')).split('\n');
  const [acquiredAt = 0, requests = 0, tokens = 0, cost = 0] = header.split(' ').map(Number);
  return { acquiredAt, demand: { requests, tokens, cost }, limits, counters };
}
