import { afterEach, expect, test } from 'vitest';
import { VirtualClock } from '@x/core/testing';
import { onStopSignal } from './signals.ts';

const unlisten: (() => void)[] = [];
afterEach(() => unlisten.splice(0).forEach((off) => off()));

function subject(stop: () => Promise<void>) {
  const clock = new VirtualClock();
  const codes: number[] = [];
  const stops: string[] = [];
  unlisten.push(
    onStopSignal({
      clock,
      exit: (code) => codes.push(code),
      stop: (signal) => {
        stops.push(signal);
        return stop();
      },
    }),
  );
  return { clock, codes, stops };
}

test('a signal stops, and then the process ends with 0', async () => {
  const { codes, stops, clock } = subject(async () => undefined);
  process.emit('SIGTERM', 'SIGTERM');
  await clock.advance(0);
  expect({ codes, stops }).toEqual({ codes: [0], stops: ['SIGTERM'] });
});

test('a second signal ends at once', async () => {
  const { codes, stops, clock } = subject(() => new Promise(() => undefined));
  process.emit('SIGTERM', 'SIGTERM');
  await clock.advance(300);
  process.emit('SIGINT', 'SIGINT');
  expect({ codes, stops }).toEqual({ codes: [130], stops: ['SIGTERM'] });
});

test('the same interrupt from the terminal and from npm is one', async () => {
  const { codes, stops, clock } = subject(() => new Promise(() => undefined));
  process.emit('SIGINT', 'SIGINT');
  await clock.advance(20);
  process.emit('SIGINT', 'SIGINT');
  expect({ codes, stops }).toEqual({ codes: [], stops: ['SIGINT'] });
});

test('a stop that fails ends with 1', async () => {
  const { codes, clock } = subject(() => Promise.reject(new Error('no')));
  process.emit('SIGINT', 'SIGINT');
  await clock.advance(0);
  expect(codes).toEqual([1]);
});
