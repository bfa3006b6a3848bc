import { systemClock } from '@x/core';
import { Agent } from 'undici';

/** One way of sending a request, as an application would. */
export interface Caller {
  readonly url: string;
  readonly headers: (index: number) => Readonly<Record<string, string>>;
  readonly body: string;
  /** Who served it, from its answer. */
  readonly servedBy: (answer: unknown) => string;
}

export interface Burst {
  /** Requests per second; evenly spaced, and sent whether or not earlier ones have been answered. */
  readonly rate: number;
  readonly seconds: number;
}

/** What the callers saw, while it goes on and at the end. */
export class Outcome {
  sent = 0;
  answered = 0;
  rateLimited = 0;
  readonly servedBy = new Map<string, number>();
  /** Milliseconds, of answered requests. */
  readonly latencies: number[] = [];
  /** What went wrong, by status or error code. */
  readonly failures = new Map<string, number>();

  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  get waiting(): number {
    return this.sent - this.answered - this.failed;
  }
}

/** Sends the burst and waits for the last answer. */
export async function send(caller: Caller, burst: Burst, onProgress: (outcome: Outcome) => void): Promise<Outcome> {
  const outcome = new Outcome();
  const agent = new Agent({ allowH2: false, headersTimeout: 120_000 });
  const total = Math.round(burst.rate * burst.seconds);
  const started = systemClock.now();
  const stopProgress = every(200, () => onProgress(outcome));
  const calls: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    await systemClock.sleep(started + (index * 1_000) / burst.rate - systemClock.now());
    calls.push(call(agent, caller, index, outcome));
  }
  await Promise.all(calls);
  stopProgress();
  onProgress(outcome);
  await agent.close();
  return outcome;
}

async function call(agent: Agent, caller: Caller, index: number, outcome: Outcome): Promise<void> {
  const { origin, pathname } = new URL(caller.url);
  const headers = { 'content-type': 'application/json', ...caller.headers(index) };
  const began = systemClock.now();
  outcome.sent += 1;
  try {
    const answer = await agent.request({ origin, path: pathname, method: 'POST', headers, body: caller.body });
    const body: unknown = await answer.body.json();
    if (answer.statusCode === 429) outcome.rateLimited += 1;
    if (answer.statusCode !== 200) return count(outcome.failures, String(answer.statusCode));
    outcome.answered += 1;
    outcome.latencies.push(systemClock.now() - began);
    count(outcome.servedBy, caller.servedBy(body));
  } catch (error) {
    count(outcome.failures, error instanceof Error && 'code' in error ? String(error.code) : 'error');
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function every(ms: number, callback: () => void): () => void {
  let cancel = () => {};
  const arm = () => {
    callback();
    cancel = systemClock.schedule(ms, arm);
  };
  arm();
  return () => cancel();
}
