import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { DurableStore } from '../durable/durable-store.ts';
import { answer, HOUR } from './ledger-rows.ts';

export interface DurableCase {
  readonly name: string;
  run(store: DurableStore): Promise<void>;
}

const HOUR_MS = 3_600_000;
const ALWAYS = { from: 0, to: 2 * HOUR };

/** What every ledger has to do. */
export const LEDGER_CASES: readonly DurableCase[] = [
  {
    name: 'reads a row as it was written, and finds it by its lease',
    async run({ ledger }) {
      const row = answer('a', { team: 'core', price: '{"inputTokens":150}', durationMs: 0.25 });
      const seq = await ledger.append([row]);
      deepStrictEqual(await ledger.answersOf(['lease-a', 'unknown']), [{ ...row, seq }]);
      deepStrictEqual(await ledger.rowsOf('request-a'), [row]);
    },
  },
  {
    name: 'numbers rows in the order in which they become visible, whoever appends',
    async run({ ledger }) {
      const seqs = await Promise.all(Array.from({ length: 50 }, (_, index) => ledger.append([answer(`a${index}`)])));
      const { upTo } = await ledger.entries(ALWAYS);
      strictEqual(Math.max(...seqs), upTo);
      const later = await ledger.append([answer('b')]);
      strictEqual(later > upTo, true);
    },
  },
  {
    name: 'has a row that is appended twice once, and counts it once',
    async run({ ledger }) {
      const seq = await ledger.append([answer('a')]);
      await ledger.append([answer('b')]);
      strictEqual(await ledger.append([answer('a', { cost: 1_000 })]), seq);
      await Promise.all([ledger.append([answer('c')]), ledger.append([answer('c')])]);
      const { entries } = await ledger.entries(ALWAYS);
      deepStrictEqual(
        entries.map(({ requests, cost }) => [requests, cost]),
        [[3, 15]],
      );
    },
  },
  {
    name: 'counts money on answers alone',
    async run({ ledger }) {
      await ledger.append([answer('try', { type: 'attempt', cost: 7, leaseId: null }), answer('a')]);
      const { entries } = await ledger.entries({ virtualKey: 'vk-1', ...ALWAYS });
      deepStrictEqual(
        entries.map(({ requests, cost }) => [requests, cost]),
        [[1, 5]],
      );
      strictEqual((await ledger.rowsOf('request-try')).length, 1);
    },
  },
  {
    name: 'sums a time to the millisecond: whole hours and both edges',
    async run({ ledger }) {
      const times = [-1, 0, 1, HOUR_MS - 1, HOUR_MS, 3 * HOUR_MS - 1, 3 * HOUR_MS, 3 * HOUR_MS + 10];
      await ledger.append(times.map((offset) => answer(`t${offset}`, { at: HOUR + offset })));
      const count = async (from: number, to: number) => {
        const { entries } = await ledger.entries({ customer: 'acme', from: HOUR + from, to: HOUR + to });
        return entries.reduce((sum, { requests }) => sum + requests, 0);
      };
      strictEqual(await count(0, 3 * HOUR_MS), 5);
      strictEqual(await count(1, 3 * HOUR_MS + 10), 5);
      strictEqual(await count(-1, 3 * HOUR_MS + 11), 8);
      strictEqual(await count(1, 2), 1);
      strictEqual(await count(5, 5), 0);
      strictEqual(await count(HOUR_MS + 1, 2 * HOUR_MS), 0);
    },
  },
  {
    name: 'tells the time of what it sums, oldest first, never before the scope begins',
    async run({ ledger }) {
      await ledger.append([answer('b', { at: HOUR + HOUR_MS }), answer('a', { at: HOUR + 20 })]);
      const { entries } = await ledger.entries({ from: HOUR + 10, to: HOUR + 2 * HOUR_MS });
      deepStrictEqual(
        entries.map(({ at }) => at),
        [HOUR + 10, HOUR + HOUR_MS],
      );
    },
  },
  {
    name: 'keeps owners and providers apart, and knows those that are not there',
    async run({ ledger }) {
      await ledger.append([
        answer('a', { customer: 'acme', team: 'core', virtualKey: 'vk-1', provider: 'openai' }),
        answer('b', { customer: 'acme', team: null, virtualKey: 'vk-2', provider: 'anthropic' }),
        answer('c', { customer: null, team: null, virtualKey: null }),
      ]);
      for (const [scope, expected] of [
        [{}, 3],
        [{ customer: 'acme' }, 2],
        [{ customer: null }, 1],
        [{ team: 'core' }, 1],
        [{ virtualKey: 'vk-2', provider: 'anthropic' }, 1],
        [{ virtualKey: 'vk-2', provider: 'openai' }, 0],
      ] as const) {
        for (const times of [ALWAYS, { from: HOUR, to: HOUR + 1 }]) {
          const { entries } = await ledger.entries({ ...scope, ...times });
          strictEqual(entries[0]?.requests ?? 0, expected, JSON.stringify({ scope, times }));
        }
      }
    },
  },
  {
    name: 'answers who used what, by any grouping and by the hour',
    async run({ ledger }) {
      await ledger.append([
        answer('a'),
        answer('b', { at: HOUR + HOUR_MS, virtualKey: 'vk-2', cost: 11 }),
        answer('c', { at: HOUR + HOUR_MS, virtualKey: null, model: 'other' }),
      ]);
      const byKey = await ledger.usage({ groupBy: ['virtualKey'], ...ALWAYS });
      deepStrictEqual(
        new Map(byKey.map(({ group, cost }) => [group.virtualKey, cost])),
        new Map([
          [null, 5],
          ['vk-1', 5],
          ['vk-2', 11],
        ]),
      );
      const byHour = await ledger.usage({ groupBy: ['provider'], interval: 'hour', ...ALWAYS });
      deepStrictEqual(
        byHour.map(({ from, requests }) => [from, requests]),
        [
          [HOUR, 1],
          [HOUR + HOUR_MS, 2],
        ],
      );
      const [total] = await ledger.usage({ groupBy: [], ...ALWAYS });
      deepStrictEqual([total?.requests, total?.usage.outputTokens, total?.from], [3, 6, 0]);
      deepStrictEqual(await ledger.usage({ groupBy: [], from: 0, to: 1 }), []);
    },
  },
  {
    name: 'takes money of up to 2^53 nano-USD and names of any kind',
    async run({ ledger }) {
      const row = answer('a', { cost: 2 ** 53 - 1, model: 'x\0y\ud800\u{1f600}'.padEnd(400, 'z') });
      await Promise.all([ledger.append([row]), ledger.append([answer('b')])]);
      const [read] = await ledger.rowsOf('request-a');
      strictEqual(read?.cost, 2 ** 53 - 1);
      strictEqual(read?.model.startsWith('xy'), true);
      strictEqual((await ledger.rowsOf('request-b')).length, 1);
    },
  },
  {
    name: 'a row that cannot be written takes no other down with it',
    async run({ ledger }) {
      const bad = answer('bad', { at: Number.NaN });
      const results = await Promise.allSettled([
        ledger.append([answer('a')]),
        ledger.append([bad]),
        ledger.append([answer('b')]),
      ]);
      deepStrictEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      strictEqual(results[1].status === 'rejected' && results[1].reason.code, 'ledger_unavailable');
      strictEqual((await ledger.entries(ALWAYS)).entries[0]?.requests, 2);
    },
  },
];
