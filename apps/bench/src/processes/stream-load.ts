import { Agent, request } from 'node:http';
import { systemClock } from '@x/core';
import { quantile } from '../table.ts';

/**
 * Callers of streams, in a process of their own: opens so many streams at once, reads them to their end, and prints how late their
 * events were. Events of the first second are not counted: all streams open in it.
 */
const [url = '', streams = '500', events = '300'] = process.argv.slice(2);
const WARM_UP_MS = 1_000;
const STAMP = /@(\d+\.\d+) /g;

const agent = new Agent({ keepAlive: true, maxSockets: Number(streams) });
const lateMs: number[] = [];
const body = JSON.stringify({
  model: 'openai/gpt-4o-mini',
  stream: true,
  events: Number(events),
  messages: [{ role: 'user', content: 'Summarize this ticket.' }],
});

function read(startedAt: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(`${url}/v1/chat/completions`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    call.on('error', () => resolve(false));
    call.on('response', (response) => {
      let end = '';
      response.setEncoding('latin1').on('data', (text: string) => {
        end = text;
        const now = systemClock.now();
        if (now - startedAt < WARM_UP_MS) return;
        for (const [, stamp] of text.matchAll(STAMP)) lateMs.push(now - Number(stamp));
      });
      response.on('end', () => resolve(end.includes('[DONE]')));
      response.on('error', () => resolve(false));
    });
    call.end(body);
  });
}

const startedAt = systemClock.now();
const whole = await Promise.all(Array.from({ length: Number(streams) }, () => read(startedAt)));
lateMs.sort((a, b) => a - b);
const result = {
  events: lateMs.length,
  failed: whole.filter((ended) => !ended).length,
  p50: quantile(lateMs, 0.5),
  p99: quantile(lateMs, 0.99),
};
process.stdout.write(`result ${JSON.stringify(result)}\n`);
agent.destroy();
