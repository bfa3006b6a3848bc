import { createServer, type ServerResponse } from 'node:http';

/**
 * A provider without limits or latency: one fixed answer, or a stream of `x-events` events in the OpenAI chat dialect.
 * As cheap as it can be, since it shares its core with the load.
 */
const answer = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-mini',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'A short answer. '.repeat(20) }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 120, completion_tokens: 80, total_tokens: 200 },
  }),
);
const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-4o-mini', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const opening = chunk({ role: 'assistant', content: '' });
const word = chunk({ content: ' another' });
const closing = `${chunk({}, 'stop')}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.byteLength }).end(answer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(opening);
    sendWords(response, Number(/"events":(\d+)/.exec(body)?.[1] ?? 100));
  });
});

/** One event per turn of the event loop, so that each travels in a packet of its own. */
function sendWords(response: ServerResponse, left: number): void {
  if (left === 0) {
    response.end(closing);
    return;
  }
  response.write(word);
  setImmediate(sendWords, response, left - 1);
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
