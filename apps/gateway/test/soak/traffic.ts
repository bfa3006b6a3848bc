import { seededRandom } from '@x/core/testing';
import { FAULTS, type FaultRule } from '@x/simulator';

/** One request of a soak, as drawn. */
export interface Visitor {
  /** Milliseconds after the beginning. */
  readonly atMs: number;
  readonly dialect: 'openai' | 'anthropic';
  readonly stream: boolean;
  /** Whether there is a fallback. */
  readonly fallback: boolean;
  /** Milliseconds after which it leaves, whatever it has; undefined for one that stays. */
  readonly leavesAfterMs: number | undefined;
}

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Requests a second, on average. */
  readonly perSecond: number;
}

/** Visitors at random times, the same for the same seed. */
export function drawVisitors({ seed, minutes, perSecond }: SoakOptions): Visitor[] {
  const random = seededRandom(seed);
  const visitors: Visitor[] = [];
  for (let atMs = 0; atMs < minutes * 60_000; atMs += (-Math.log(1 - random()) * 1_000) / perSecond) {
    visitors.push({
      atMs,
      dialect: random() < 0.5 ? 'openai' : 'anthropic',
      stream: random() < 0.6,
      fallback: random() < 0.7,
      leavesAfterMs: random() < 0.1 ? random() ** 3 * 6_000 : undefined,
    });
  }
  return visitors;
}

/** Too large, or too long by nature, to be met hundreds of times. */
const NOT_HERE: ReadonlySet<string> = new Set(['endless_body', 'oversized_event', 'huge_answer', 'rate_limit_far']);

const PARAMETERS: Readonly<Record<string, object>> = { slow_first_token: { ms: 4_000 }, status: { status: 500 } };

/**
 * Every fault that may strike any provider, each now and then, so that about a third of the calls is struck. The errors of one provider
 * alone are left out: a key that is closed for the day would end the soak.
 */
export function drawFaults(providers: readonly string[]): FaultRule[] {
  const names = FAULTS.filter(({ name, provider, expects }) => {
    const closes = expects.whole === 'quota_exhausted' || expects.whole === 'authentication';
    return provider === undefined && !closes && !NOT_HERE.has(name);
  }).map(({ name }) => name);
  const probability = 0.33 / names.length;
  return providers.flatMap((provider) =>
    names.map((name) => ({ name, ...PARAMETERS[name], when: { provider, probability } }) as FaultRule),
  );
}
