import { PipelineError, toPipelineError } from '@x/core';
import { seededRandom, VirtualClock } from '@x/core/testing';
import { drawFaults, drawVisitors, type Visitor } from '../../soak/traffic.ts';
import type { Finding } from '../proof.ts';
import { bookedIn } from '../site/site.ts';
import { virtualGateway, type VirtualGateway } from '../site/virtual.ts';

const KEY = `xk-${'l'.repeat(40)}`;
const PER_SECOND = 20;

/** Callers that leave, providers that fail, limits that refuse: at random, in virtual time. */
export async function noLeak(minutes: number): Promise<Finding[]> {
  const clock = new VirtualClock({ seed: minutes });
  const gateway = await virtualGateway({
    clock,
    governance: {
      customers: {
        acme: { name: 'Acme', limits: [{ unit: 'concurrent', max: 200 }], budgets: [{ usd: 1_000, per: 'month' }] },
      },
      virtualKeys: {
        app: {
          name: 'App',
          key: KEY,
          customer: 'acme',
          limits: [
            { unit: 'concurrent', max: 100 },
            { unit: 'requests', max: 25, per: 'second' },
          ],
          budgets: [{ usd: 1_000, per: 'year' }],
        },
      },
    },
    simulated: {
      seed: minutes,
      faults: drawFaults(['openai']),
      latency: { firstTokenMs: { type: 'lognormal', p50: 300, p99: 3_000 }, tokensPerSecond: 50 },
    },
  });
  const random = seededRandom(minutes);
  const visitors = drawVisitors({ seed: minutes, minutes, perSecond: PER_SECOND });
  const endings = new Map<string, number>();
  await clock.run(
    Promise.all(
      visitors.map(async (visitor) => {
        // One in ten leaves by the draw; as many more leave soon.
        const leavesAfterMs = visitor.leavesAfterMs ?? (random() < 0.1 ? random() * 500 : undefined);
        await clock.sleep(visitor.atMs);
        const ending = await visit(gateway, clock, { ...visitor, leavesAfterMs });
        endings.set(ending, (endings.get(ending) ?? 0) + 1);
      }),
    ),
  );
  // What a provider still does behind the end of an answer has some seconds to end.
  await clock.advance(10_000);
  const { governance } = gateway.state;
  const states = [
    ...(await governance.admin.limits.read('customer', 'acme')),
    ...(await governance.admin.limits.read('virtual-key', 'app')),
  ];
  const leases = (await governance.admin.limits.leases('customer', 'acme')).length + governance.health.leases;
  const held = states.filter(({ unit }) => unit === 'concurrent').reduce((sum, { used }) => sum + used, 0);
  const { cost, answers } = await bookedIn(gateway.state);
  const asLedger = states.filter(({ unit }) => unit === 'cost').every(({ used }) => used === cost);
  await clock.run(gateway.close());
  const seen = [...endings].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`);
  return [
    {
      where: `${visitors.length.toLocaleString('en')} requests, virtual time`,
      seen: `${seen.join(', ')}; left: ${leases} leases, ${held} held; ${answers.toLocaleString('en')} answers in the ledger, budgets ${asLedger ? 'as' : 'NOT as'} the ledger; ${clock.pending} timers`,
      holds: leases === 0 && held === 0 && asLedger && clock.pending === 0 && endings.size > 4,
    },
  ];
}

async function visit(
  { handler, open, request }: VirtualGateway,
  clock: VirtualClock,
  { stream, leavesAfterMs }: Visitor,
): Promise<string> {
  const scope = open();
  const stay = leavesAfterMs === undefined ? undefined : clock.schedule(leavesAfterMs, () => scope.abort());
  try {
    const answer = await handler(request(KEY, stream), scope.context);
    if (answer.stream) for await (const _ of answer);
    return 'served';
  } catch (thrown) {
    return PipelineError.isInstance(thrown) ? toPipelineError(thrown).kind : String(thrown);
  } finally {
    stay?.();
    scope.close();
  }
}
