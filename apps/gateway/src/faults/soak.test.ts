import { describe, expect, test } from 'vitest';
import { soakInProcess } from '../../test/soak/in-process.ts';
import { soakOverSockets } from '../../test/soak/over-sockets.ts';
import { isClean } from '../../test/soak/report.ts';

/** What every soak must show, or it has shown nothing. */
function meansSomething({ requests, struck, faults, endings }: Awaited<ReturnType<typeof soakInProcess>>) {
  expect(struck / requests).toBeGreaterThan(0.1);
  expect(faults).toBeGreaterThan(20);
  expect(endings['answer']).toBeGreaterThan(0.6 * requests);
  expect(endings['left']).toBeGreaterThan(0);
}

// The whole of it is `npm run soak`.
describe('faults at random, and nothing left when all are gone', () => {
  test.each([1, 2])('six minutes in process, seed %i', async (seed) => {
    const report = await soakInProcess({ seed, minutes: 6, perSecond: 3 });
    meansSomething(report);
    expect(report.defects).toEqual([]);
    expect(Object.entries(report.left).filter(([, count]) => count !== 0)).toEqual([]);
  });

  test('three minutes over sockets', async () => {
    const report = await soakOverSockets({ seed: 3, minutes: 3, perSecond: 1 });
    meansSomething(report);
    expect(report.defects).toEqual([]);
    expect(Object.entries(report.left).filter(([, count]) => count !== 0)).toEqual([]);
  });

  test('the same seed gives the same soak', async () => {
    const options = { seed: 4, minutes: 1, perSecond: 3 };
    const first = await soakInProcess(options);
    expect(await soakInProcess(options)).toEqual(first);
    expect(isClean(first)).toBe(true);
    expect(isClean({ ...first, left: { ...first.left, timers: 1 } })).toBe(false);
  });
});
