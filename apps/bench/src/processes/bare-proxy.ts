import { createServer } from 'node:http';
import { Agent } from 'undici';

/** The least that a proxy can do on this platform: the floor that the gateway is compared with. */
const upstream = process.argv[2] as string;
const agent = new Agent({ connections: Number(process.argv[3] ?? 256), allowH2: false });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' };
    const call = {
      origin: upstream,
      path: request.url as string,
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    } as const;
    agent.request(call).then(
      (answer) => {
        response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] as string });
        answer.body.pipe(response);
      },
      () => response.writeHead(502).end(),
    );
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
