import { expect, test } from 'vitest';
import { TurnBatch } from './turn-batch.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('sends what comes in one turn at once, in its order, and what comes later by itself', async () => {
  const sent: (readonly number[])[] = [];
  const batch = new TurnBatch<number, string>(async (asks) => {
    sent.push(asks);
    return asks.map((ask) => `for ${ask}`);
  });
  const answers = Promise.all([batch.add(1), Promise.resolve().then(() => batch.add(2)), batch.add(3)]);
  await turn();
  const later = batch.add(4);
  expect([await answers, await later]).toEqual([['for 1', 'for 2', 'for 3'], 'for 4']);
  expect(sent).toEqual([[1, 3, 2], [4]]);
});

test('rejects the one that got an error, and all of them where they could not be sent', async () => {
  const some = new TurnBatch<number, number>(async (asks) => asks.map((ask) => (ask === 2 ? new Error('not 2') : ask)));
  const outcomes = await Promise.allSettled([some.add(1), some.add(2), some.add(3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const none = new TurnBatch<number, number>(() => Promise.reject(new Error('away')));
  const failed = await Promise.allSettled([none.add(1), none.add(2)]);
  expect(failed).toMatchObject([{ reason: { message: 'away' } }, { reason: { message: 'away' } }]);
});

test('sends more than a script should look after in several parts', async () => {
  const sizes: number[] = [];
  const batch = new TurnBatch<number, number>(async (asks) => {
    sizes.push(asks.length);
    return asks;
  });
  const asks = Array.from({ length: 150 }, (_, index) => index);
  expect(await Promise.all(asks.map((ask) => batch.add(ask)))).toEqual(asks);
  expect(sizes).toEqual([64, 64, 22]);
});
