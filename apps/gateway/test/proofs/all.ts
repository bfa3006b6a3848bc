import { exactLimits } from './claims/exact-limits.ts';
import { fullDisk } from './claims/full-disk.ts';
import { isolation } from './claims/isolation.ts';
import { noFalseRefusal } from './claims/no-false-refusal.ts';
import { noLeak } from './claims/no-leak.ts';
import { noLostSpend } from './claims/no-lost-spend.ts';
import { noOverspend, type OverspendCase } from './claims/no-overspend.ts';
import { postgresFaults, type PostgresFault } from './claims/postgres-faults.ts';
import { redisFaults, type RedisFault } from './claims/redis-faults.ts';
import { time } from './claims/time.ts';
import type { Proof } from './proof.ts';
import type { Placement } from './site/stores.ts';

const PLACEMENTS: readonly Placement[] = (['sqlite', 'postgres'] as const).flatMap((durable) =>
  (['memory', 'redis'] as const).map((limits) => ({ durable, limits })),
);
const SQLITE: Placement = { durable: 'sqlite', limits: 'memory' };
const POSTGRES: Placement = { durable: 'postgres', limits: 'redis' };

/** Counters in memory are of one process alone. */
const OVERSPEND: readonly OverspendCase[] = PLACEMENTS.flatMap((placement) =>
  (placement.limits === 'memory' ? [1] : [1, 3]).map((replicas) => ({ ...placement, replicas })),
);

const REDIS_FAULTS = (['killed', 'paused', 'restarted empty'] satisfies RedisFault[]).flatMap((fault) =>
  (['closed', 'open', 'share'] as const).map((policy) => ({ fault, policy })),
);
const POSTGRES_FAULTS = (
  ['restarted', 'hanging (SIGSTOP)', 'with its connections cut'] satisfies PostgresFault[]
).flatMap((fault) => (['closed', 'open'] as const).map((policy) => ({ fault, policy })));

const BOTH = ['own-redis', 'own-postgres'] as const;

/** What is promised of governance, in the order of the report. */
export const PROOFS: readonly Proof[] = [
  {
    name: 'no overspend',
    claim: 'Under strict admission no budget is overspent, not by a cent.',
    how: '200 callers at once, over all gateways, at a budget with room for ten of them.',
    needs: BOTH,
    full: (at) => noOverspend(at, OVERSPEND, 'processes'),
    short: (at) =>
      noOverspend(
        at,
        [
          { ...SQLITE, replicas: 1 },
          { ...POSTGRES, replicas: 3 },
        ],
        'in this process',
      ),
  },
  {
    name: 'no false refusal',
    claim: 'A tenant with money left is served what fits.',
    how: 'A budget of which 95 % are spent, according to the ledger, and small requests: as many at once as fit, then one by one until one is refused.',
    needs: BOTH,
    full: (at) => noFalseRefusal(at, PLACEMENTS, 'processes'),
    short: (at) => noFalseRefusal(at, [SQLITE, POSTGRES], 'in this process'),
  },
  {
    name: 'exact limits',
    claim: 'In no window do more pass than a limit says, over all gateways together, and hardly fewer.',
    how: '10,000 requests over three gateways, in real time, against 1,000 a minute: the first thousand within 57 s, so that a moment in which this machine asks nothing leaves little room unused, the others within 65 s. The window that begins with each admission, by the clock of Redis, is counted from the ledger.',
    needs: BOTH,
    full: (at) =>
      exactLimits(at, {
        max: 1_000,
        per: 'minute',
        arrivals: [
          { requests: 1_000, withinMs: 57_000 },
          { requests: 9_000, withinMs: 65_000 },
        ],
        least: 990,
        running: 'processes',
      }),
    short: (at) =>
      exactLimits(at, {
        max: 50,
        per: 'second',
        arrivals: [{ requests: 600, withinMs: 3_000 }],
        least: 1,
        running: 'in this process',
      }),
  },
  {
    name: 'isolation',
    claim: 'A key that floods costs no other a request, and no more than a fifth of its p99.',
    how: 'Twenty callers with a key that may ask 60 times a minute, each every tenth of a second, beside eight with another key; stretches with and without them take turns.',
    needs: [],
    full: (at) => isolation(at, { rounds: 4, stretchMs: 5_000, slowdown: 1.2, running: 'processes' }),
    short: (at) => isolation(at, { rounds: 1, stretchMs: 1_500, slowdown: undefined, running: 'in this process' }),
  },
  {
    name: 'no lost spend',
    claim: 'An answer that its caller has the whole of is in the ledger, whatever becomes of the gateway.',
    how: 'A gateway in a process of its own, under load, is killed (SIGKILL) at a random moment and started again on the same stores.',
    needs: BOTH,
    full: async (at) => (await Promise.all([noLostSpend(at, SQLITE, 50), noLostSpend(at, POSTGRES, 50)])).flat(),
    short: (at) => noLostSpend(at, POSTGRES, 1),
  },
  {
    name: 'Redis away',
    claim:
      'Without Redis nothing hangs or crashes, the policy holds, and afterwards the counters say what the ledger says.',
    how: 'Under load Redis is killed, paused (SIGSTOP), or restarted with nothing in it, with each policy for outages.',
    needs: ['own-redis'],
    full: (at) => redisFaults(at, REDIS_FAULTS, 'processes'),
    short: (at) =>
      redisFaults(
        at,
        [
          { fault: 'killed', policy: 'share' },
          { fault: 'paused', policy: 'closed' },
        ],
        'in this process',
      ),
  },
  {
    name: 'PostgreSQL away',
    claim: 'Without PostgreSQL nothing hangs or crashes, the policy holds, and nothing that callers have is lost.',
    how: 'Under load it is killed and started again, paused (SIGSTOP), or all its connections are cut, with each policy for the ledger.',
    needs: ['own-postgres'],
    full: (at) => postgresFaults(at, POSTGRES_FAULTS, 'processes'),
    short: (at) => postgresFaults(at, [{ fault: 'restarted', policy: 'open' }], 'in this process'),
  },
  {
    name: 'disk full',
    claim: 'Without room for the ledger requests are refused, and nothing that callers have is lost.',
    how: 'The ledger is on a file system of 8 MiB in memory, which is filled under load and given room again. Of PostgreSQL it is a tablespace with the tables of the ledger, whose pages may have room for a few more rows.',
    needs: ['own-postgres'],
    full: async (at) => [
      ...(await fullDisk(at, 'sqlite', 'processes')),
      ...(await fullDisk(at, 'postgres', 'processes')),
    ],
    short: (at) => fullDisk(at, 'sqlite', 'in this process'),
  },
  {
    name: 'no leak',
    claim: 'However requests end, nothing stays reserved.',
    how: 'Callers that leave at random and a provider with every fault at a third of its calls, through the whole pipeline, in virtual time.',
    needs: [],
    full: () => noLeak(84),
    short: () => noLeak(2),
  },
  {
    name: 'time',
    claim:
      'Windows begin and end where the calendar of their time zone says, and a clock that is set back gives nothing anew.',
    how: 'The whole pipeline in virtual time, with a budget for one request, and then a limit of two a minute.',
    needs: [],
    full: () => time(),
    short: () => time(),
  },
];
