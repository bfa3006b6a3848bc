import { toPipelineError } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import type { Finding } from '../proof.ts';
import { reservedFor, usd } from '../site/request.ts';
import { virtualGateway } from '../site/virtual.ts';

const KEY = `xk-${'t'.repeat(40)}`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A clock that may be set back, as no clock of the system is, but that of a store may be. */
class AdjustableClock extends VirtualClock {
  stepMs = 0;

  override now(): number {
    return super.now() + this.stepMs;
  }
}

/** Budgets and limits where the calendar is not as simple as it looks. */
export async function time(): Promise<Finding[]> {
  return [await month(), ...(await daysOfOtherLengths()), await stepBack()];
}

async function month(): Promise<Finding> {
  const clock = new VirtualClock({ start: Date.parse('2026-01-31T22:59:00Z') });
  const { ask, close } = await tenant(clock, { budgets: [budget('month')] });
  const inJanuary = [await ask(), await ask()];
  await clock.advance(59_999);
  const lastMoment = await ask();
  await clock.advance(1);
  const inFebruary = [await ask(), await ask()];
  await close();
  return {
    where: 'the end of January in Berlin, which is 23:00 in UTC',
    seen: `January: ${inJanuary.map(described).join(', ')}; its last millisecond: ${described(lastMoment)}; February: ${inFebruary.map(described).join(', ')}`,
    holds:
      inJanuary[0] === 'served' &&
      inJanuary[1] === 60_000 &&
      lastMoment === 1 &&
      inFebruary[0] === 'served' &&
      inFebruary[1] === 28 * DAY_MS,
  };
}

async function daysOfOtherLengths(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [start, hours] of [
    ['2026-03-28T23:00:00Z', 23],
    ['2026-10-24T22:00:00Z', 25],
    ['2026-06-01T22:00:00Z', 24],
  ] as const) {
    const clock = new VirtualClock({ start: Date.parse(start) });
    const { ask, close } = await tenant(clock, { budgets: [budget('day')] });
    const atMidnight = [await ask(), await ask()];
    await clock.advance(hours * HOUR_MS - 1);
    const lastMoment = await ask();
    await clock.advance(1);
    const next = await ask();
    await close();
    findings.push({
      where: `a day of ${hours} hours in Berlin`,
      seen: `from midnight: ${atMidnight.map(described).join(', ')}; its last millisecond: ${described(lastMoment)}; after it: ${described(next)}`,
      holds: atMidnight[0] === 'served' && atMidnight[1] === hours * HOUR_MS && lastMoment === 1 && next === 'served',
    });
  }
  return findings;
}

async function stepBack(): Promise<Finding> {
  const clock = new AdjustableClock({ start: Date.parse('2026-02-01T00:00:10Z') });
  const { ask, close } = await tenant(clock, {
    limits: [{ unit: 'requests', max: 2, per: 'minute' }],
    budgets: [{ ...budget('month'), timeZone: 'UTC', usd: usd(100 * reservedFor(false)) }],
  });
  const before = [await ask(), await ask(), await ask()];
  clock.stepMs = -30_000;
  const after = [await ask(), await ask()];
  await clock.advance(30_000);
  const caughtUp = await ask();
  await clock.advance(61_000);
  const later = await ask();
  await close();
  const refused = [before[2], ...after, caughtUp].every((ending) => typeof ending === 'number');
  return {
    where: 'a clock that steps back by 30 s, over the end of a month',
    seen: `before: ${before.map(described).join(', ')}; set back: ${after.map(described).join(', ')}; caught up: ${described(caughtUp)}; a minute later: ${described(later)}`,
    holds: before[0] === 'served' && before[1] === 'served' && refused && later === 'served',
  };
}

/** `served`, milliseconds after which to come back, or what else was in the way. */
type Ending = string | number;

/** A tenant with a budget that one request uses up, or with limits. Asking tells when to come back, in milliseconds. */
async function tenant(clock: VirtualClock, policy: object) {
  const virtualKeys = { app: { name: 'App', key: KEY, ...policy } };
  const gateway = await virtualGateway({ clock, governance: { pollMs: HOUR_MS, virtualKeys } });
  const ask = async (): Promise<Ending> => {
    const scope = gateway.open();
    try {
      await atOnce(clock, gateway.handler(gateway.request(KEY), scope.context));
      return 'served';
    } catch (error) {
      const { retryAfterMs, kind } = toPipelineError(error);
      return retryAfterMs ?? kind;
    } finally {
      scope.close();
    }
  };
  return { ask, close: () => clock.run(gateway.close()) };
}

/** Without moving time: the books are real, and take turns of the event loop that no timer brings. */
async function atOnce<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => (done = true));
  ended.catch(() => undefined);
  while (!done) await clock.advance(0);
  return ended;
}

/** One request fits, and what it leaves is too little for another. */
function budget(per: 'day' | 'month') {
  return { usd: usd(reservedFor(false)), per, timeZone: 'Europe/Berlin' };
}

function described(ending: Ending): string {
  if (typeof ending === 'string') return ending;
  if (ending < 120_000) return `refused for ${ending.toLocaleString('en')} ms`;
  return ending < 2 * DAY_MS ? `refused for ${ending / HOUR_MS} h` : `refused for ${ending / DAY_MS} days`;
}
