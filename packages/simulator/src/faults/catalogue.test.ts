import { createContext, ERROR_KINDS } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { chatRequest, readText } from '../../test/harness.ts';
import { createSimulator } from '../simulator.ts';
import { FAULTS, type FaultRule } from './catalogue.ts';

const PARAMETERS: Readonly<Record<string, object>> = { slow_first_token: { ms: 100 }, status: { status: 500 } };

describe('every fault of the catalogue', () => {
  test('says what it does and what to expect', () => {
    const outcomes = new Set<string>(['answer', 'broken', ...Object.keys(ERROR_KINDS)]);
    const unclear = FAULTS.filter(
      ({ does, expects }) => !/^[A-Z].*\.$/.test(does) || !outcomes.has(expects.whole) || !outcomes.has(expects.stream),
    );
    expect(unclear).toEqual([]);
  });

  test.each(FAULTS.map(({ name, expects }) => [name, expects] as const))(
    '%s plays in process, in both dialects, and leaves nothing behind',
    async (name, expects) => {
      for (const provider of ['openai', 'anthropic']) {
        for (const stream of [false, true]) {
          const clock = new VirtualClock();
          const rule = { name, ...PARAMETERS[name] } as FaultRule;
          const simulator = createSimulator({ providers: { [provider]: {} }, faults: [rule] }, { clock });
          const controller = new AbortController();
          clock.schedule(7_200_000, () => controller.abort());
          const context = createContext({ clock, signal: controller.signal });
          const work = async () => {
            const response = await simulator.transport(chatRequest(provider, 'key-1', { stream }), context);
            const text = await readText(response);
            return response.status === 200 && text.length > 0;
          };
          const heard = await clock.run(work().catch(() => false));
          await clock.advance(7_200_000);
          const stats = simulator.stats().providers[provider];
          expect(stats).toMatchObject({ requests: 1, inFlight: 0 });
          expect(clock.pending).toBe(0);
          const expected = stream ? expects.stream : expects.whole;
          expect(heard || expected !== 'answer' || stalls.has(name)).toBe(true);
        }
      }
    },
  );
});

/** Good answers behind which something else goes wrong. */
const stalls: ReadonlySet<string> = new Set([
  'reset_after_finish',
  'stall_after_finish',
  'length_too_long',
  'chunked_without_end',
  'chunked_never_ends',
]);
