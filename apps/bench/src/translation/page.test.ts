import { expect, test } from 'vitest';
import { SPEAKERS } from './dialects.ts';
import { measurePair } from './measure.ts';
import { page, translated } from './page.ts';
import { record } from './recording.ts';

test('each pair of dialects can be measured, and the page has a cell for it', async () => {
  const recordings = await Promise.all(SPEAKERS.map(record));
  for (const { events, request } of recordings) {
    expect(events.length).toBeGreaterThan(100);
    expect(request.byteLength).toBeGreaterThan(5_000);
  }
  const once = { size: 1, count: 1, warmUp: 0 };
  const costs = recordings.flatMap((caller) => recordings.map((provider) => measurePair(caller, provider, once)));
  expect(translated(costs)).toHaveLength(SPEAKERS.length * (SPEAKERS.length - 1));
  for (const { request, answer, event } of costs) {
    for (const { us, ratio } of [request, answer, event]) expect(Math.min(us, ratio)).toBeGreaterThan(0);
  }
  const text = page(costs, 'Here.');
  expect(text.match(/^\| `/gm)).toHaveLength(3 * SPEAKERS.length);
  expect(text.match(/\*[\d.]+ \([\d.]+\)\*/g)).toHaveLength(3 * SPEAKERS.length);
  expect(text).toContain('Worst are');
});
