import { createServer, type ServerResponse } from 'node:http';
import { systemClock } from '@x/core';

/**
 * A provider whose streams have an event every 20 ms, `x-events` of them, each with the moment at which it was written. Streams take
 * their turns over the 20 ms, so that their events do not come in one burst.
 */
const SLOTS = 20;

interface Talk {
  readonly response: ServerResponse;
  left: number;
}

const head =
  '{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1790000000,"model":"gpt-4o-mini","choices":[';
const event = (delta: string, finish = 'null') =>
  `data: ${head}{"index":0,"delta":${delta},"finish_reason":${finish}}]}\n\n`;
const closing = `${event('{}', '"stop"')}data: [DONE]\n\n`;
const slots: Set<Talk>[] = Array.from({ length: SLOTS }, () => new Set());
let opened = 0;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('{"role":"assistant","content":""}'));
    const talk = { response, left: Number(/"events":(\d+)/.exec(body)?.[1] ?? 100) };
    const slot = slots[opened++ % SLOTS];
    slot?.add(talk);
    response.on('close', () => slot?.delete(talk));
  });
});

/** Counts ticks by the clock and not by timers, which are late when there is much to do. */
let ticks = Math.floor(systemClock.now());
function tick(): void {
  const now = Math.floor(systemClock.now());
  for (; ticks < now; ticks += 1) say(slots[ticks % SLOTS] ?? new Set());
  systemClock.schedule(1, tick);
}

function say(slot: Set<Talk>): void {
  for (const talk of slot) {
    if (talk.left === 0) {
      slot.delete(talk);
      talk.response.end(closing);
      continue;
    }
    talk.left -= 1;
    talk.response.write(event(`{"content":"@${systemClock.now().toFixed(3)} "}`));
  }
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
  tick();
});
process.on('SIGTERM', () => process.exit(0));
