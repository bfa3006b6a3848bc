import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const cost = (tokens: number) => ({ requests: 1, tokens, inputTokens: 0, outputTokens: 0 });
const ask = (tenant: string, tokens = 1, priority = 0) => ({ tenant, priority, cost: cost(tokens) });

function drain<Value>(queue: FairQueue<Value>, most = Infinity): Value[] {
  const served: Value[] = [];
  for (let ticket = queue.peek(); ticket !== undefined && served.length < most; ticket = queue.peek()) {
    queue.serve(ticket);
    served.push(ticket.value);
  }
  return served;
}

describe('order', () => {
  it('is that of arrival within a tenant', () => {
    const queue = new FairQueue<number>();
    for (let i = 0; i < 5; i += 1) queue.push(ask('a'), i);
    expect(drain(queue)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes turns between tenants, however many one of them has waiting', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 100; i += 1) queue.push(ask('flood'), 'flood');
    queue.push(ask('calm'), 'calm');
    expect(drain(queue, 3)).toContain('calm');
  });

  it('weighs by tokens: who asks for ten times as many is served a tenth as often', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 200; i += 1) {
      queue.push(ask('large', 1_000), 'large');
      queue.push(ask('small', 100), 'small');
    }
    const served = drain(queue, 110);
    expect(served.filter((name) => name === 'large').length).toBeLessThanOrEqual(11);
  });

  it('puts higher priorities first', () => {
    const queue = new FairQueue<string>();
    queue.push(ask('a', 1, 0), 'usual');
    queue.push(ask('a', 1, 5), 'urgent');
    queue.push(ask('a', 1, -5), 'whenever');
    expect(drain(queue)).toEqual(['urgent', 'usual', 'whenever']);
  });

  it('does not let a tenant that had nothing waiting catch up', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 50; i += 1) queue.push(ask('steady'), 'steady');
    drain(queue, 40);
    for (let i = 0; i < 10; i += 1) queue.push(ask('late'), 'late');
    expect(drain(queue, 10).filter((name) => name === 'late').length).toBeLessThanOrEqual(6);
  });
});

describe('properties', () => {
  const tickets = fc.array(
    fc.record({ tenant: fc.constantFrom('a', 'b', 'c', 'd'), tokens: fc.integer({ min: 1, max: 500 }) }),
    { minLength: 1, maxLength: 100 },
  );

  it('serves every ticket once', () => {
    fc.assert(
      fc.property(tickets, (asks) => {
        const queue = new FairQueue<number>();
        asks.forEach(({ tenant, tokens }, index) => queue.push(ask(tenant, tokens), index));
        expect(drain(queue).toSorted((a, b) => a - b)).toEqual(asks.map((_, index) => index));
        expect(queue.size).toBe(0);
      }),
    );
  });

  it('while two tenants wait, neither gets ahead by more than the largest request of each (Goyal, Vin, Cheng, theorem 1)', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const queue = new FairQueue<'a' | 'b'>();
        for (const tokens of a) queue.push(ask('a', tokens), 'a');
        for (const tokens of b) queue.push(ask('b', tokens), 'b');
        const waiting = { a: a.length, b: b.length };
        const served = { a: 0, b: 0 };
        while (waiting.a > 0 && waiting.b > 0) {
          const ticket = queue.peek();
          if (ticket === undefined) break;
          queue.serve(ticket);
          waiting[ticket.value] -= 1;
          served[ticket.value] += ticket.cost.tokens;
          expect(Math.abs(served.a - served.b)).toBeLessThanOrEqual(Math.max(...a) + Math.max(...b));
        }
      }),
    );
  });

  it('removing tickets in any order leaves nothing behind', () => {
    fc.assert(
      fc.property(tickets, fc.infiniteStream(fc.nat()), (asks, picks) => {
        const queue = new FairQueue<number>();
        const held = asks.map(({ tenant, tokens }, index) => queue.push(ask(tenant, tokens), index));
        while (held.length > 0) {
          const [ticket] = held.splice((picks.next().value as number) % held.length, 1);
          if (ticket) queue.remove(ticket);
          expect(queue.size).toBe(held.length);
          expect(queue.ahead('a', 0).requests).toBeLessThanOrEqual(held.length + 1e-6);
        }
        expect(queue.ahead('a', 0).tokens).toBeCloseTo(0);
      }),
    );
  });
});

describe('when there is one too many', () => {
  it('the last of whoever has most waiting goes', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 10; i += 1) queue.push(ask('flood'), `flood-${i}`);
    queue.push(ask('calm'), 'calm');
    expect(queue.victim('new', 0)?.value).toBe('flood-9');
    expect(queue.victim('flood', 0)).toBeUndefined();
  });

  it('the lowest priority goes first', () => {
    const queue = new FairQueue<string>();
    queue.push(ask('a', 1, -1), 'low');
    for (let i = 0; i < 5; i += 1) queue.push(ask('b'), 'usual');
    expect(queue.victim('c', 0)?.value).toBe('low');
    expect(queue.victim('c', -2)).toBeUndefined();
  });
});
