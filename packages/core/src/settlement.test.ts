import { expect, test, vi } from 'vitest';
import { discard, onSettled, SettlementSwitch, type Settlement, type SettlementListener } from './settlement.ts';

const listener = () => vi.fn<SettlementListener>();

test('settles exactly once: the first outcome wins', () => {
  const once = new SettlementSwitch();
  const [early, late] = [listener(), listener()];
  once.onSettled(early);
  expect(once.settle({ outcome: 'cancelled' })).toBe(true);
  expect(once.settle({ outcome: 'completed' })).toBe(false);
  once.onSettled(late);
  for (const seen of [early, late]) expect(seen.mock.calls).toEqual([[{ outcome: 'cancelled' }]]);
  expect(once.settlement).toEqual({ outcome: 'cancelled' });
});

test('a listener that throws does not keep the others from being called', () => {
  const once = new SettlementSwitch();
  const second = listener();
  once.onSettled(() => {
    throw new Error('a bug');
  });
  once.onSettled(second);
  expect(() => once.settle({ outcome: 'completed' })).toThrow('a bug');
  expect(second).toHaveBeenCalledTimes(1);
  expect(once.settle({ outcome: 'completed' })).toBe(false);
});

test('a listener may settle and register again', () => {
  const once = new SettlementSwitch();
  const seen: Settlement['outcome'][] = [];
  once.onSettled(({ outcome }) => {
    seen.push(outcome);
    expect(once.settle({ outcome: 'failed' })).toBe(false);
    once.onSettled((settlement) => seen.push(settlement.outcome));
  });
  once.settle({ outcome: 'discarded' });
  expect(seen).toEqual(['discarded', 'discarded']);
});

test.each([undefined, null, 'text', 7, {}, { discard: () => undefined }])(
  '%s cannot settle later, so it has settled already',
  async (response) => {
    const seen = listener();
    onSettled(response, seen);
    expect(seen.mock.calls).toEqual([[{ outcome: 'completed' }]]);
    await discard(response);
  },
);

test('what can settle later is listened to and discarded', async () => {
  const response = {
    onSettled: listener(),
    discard: vi.fn<(reason: unknown) => Promise<void>>(async () => undefined),
  };
  const seen = listener();
  onSettled(response, seen);
  await discard(response, 'lost');
  expect(response.onSettled).toHaveBeenCalledWith(seen);
  expect(response.discard).toHaveBeenCalledWith('lost');
  expect(seen).not.toHaveBeenCalled();
});
