import { PipelineError } from '@x/core';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { stop, type Running } from './stop.ts';

function build(close: () => Promise<number>) {
  const lines: string[] = [];
  let flushed = 0;
  const running = {
    gateway: { close, inFlight: 2 },
    state: { governance: { health: { ledger: { waiting: 3 } } } } as Running['state'],
    demo: undefined,
    log: {
      logger: pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }),
      flush: () => flushed++,
    },
  };
  return { running, lines, flushed: () => flushed };
}

test('says when it begins and when it is over', async () => {
  const { running, lines, flushed } = build(async () => 1);
  await stop('SIGTERM', running);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { signal: 'SIGTERM', inFlight: 2, msg: 'stopping' },
    { cut: 1, msg: 'stopped' },
  ]);
  expect(flushed()).toBe(1);
});

test('rows that the ledger never took are told of, and fail the exit', async () => {
  const error = new PipelineError('overloaded', 'the ledger is away', { code: 'ledger_unavailable' });
  const { running, lines, flushed } = build(() => Promise.reject(error));
  await expect(stop('SIGTERM', running)).rejects.toBe(error);
  expect(JSON.parse(lines[1] as string)).toMatchObject({
    level: 50,
    rowsLost: 3,
    err: { message: 'the ledger is away' },
  });
  expect(flushed()).toBe(1);
});
