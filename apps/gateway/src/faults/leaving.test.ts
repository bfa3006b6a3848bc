import { FAULTS, type FaultName } from '@x/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { ask, type CallerDialect } from '../../test/faults/caller.ts';
import { leftovers, ruleOf } from '../../test/faults/run-cell.ts';
import { openSite, SPARE } from '../../test/faults/site.ts';

/** Where a caller can leave in the middle: while a provider is silent, while it is waited for, in a stream, in a queue of keys. */
const LEFT_IN: readonly FaultName[] = [
  'hang',
  'hang_after_headers',
  'hang_before_content',
  'slow_first_token',
  'stall_stream',
  'keep_alives_only',
  'rate_limit_seconds',
  'rate_limit_without_hint',
  'overloaded_529',
  'unavailable_with_hint',
  'error_body_hangs',
  'server_error_500',
  'reset_before_headers',
  'stall_after_finish',
  'chunked_never_ends',
  'flapping',
];

const CASES = LEFT_IN.flatMap((name) =>
  [0, 1].flatMap((turn) => (['openai', 'anthropic'] as const).map((dialect) => [name, turn, dialect] as const)),
);

test.each(CASES)(
  'a caller that leaves: %s, %i ms after the first call, in %s',
  async (name, ms, dialect: CallerDialect) => {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault === undefined) throw new Error(name);
    for (const stream of [false, true]) {
      const site = await openSite({ provider: dialect, faults: [ruleOf(fault, { provider: dialect })] });
      onTestFinished(() => site.close());
      const { clock, calls, gateway } = site;
      const asked = ask({ url: site.url, dialect, stream, model: `${dialect}/m`, fallbacks: [`${SPARE}/m`] });
      await clock.quiet();
      await clock.advance(ms);
      if (gateway.inFlight === 0) continue;
      const before = calls.length;
      asked.leave();
      const leftAt = clock.now();
      await clock.quiet();
      // Without a tick of the clock: the provider has noticed, and the gateway has forgotten.
      expect(clock.now()).toBe(leftAt);
      expect(gateway.inFlight).toBe(0);
      expect(calls.filter(({ outcome }) => outcome === undefined)).toEqual([]);
      expect(await leftovers(site)).toEqual([]);
      expect(calls.length, 'calls after the caller left').toBe(before);
    }
  },
);
