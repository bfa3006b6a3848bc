import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the body ended as HTTP says it should. */
  readonly complete: boolean;
}

/** Bytes over a socket, so that a test can send what no HTTP client would. */
export class RawClient {
  readonly socket: Socket;
  readonly #pieces: Buffer[] = [];
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | undefined;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.#ended = true;
        this.#wake?.();
        resolve();
      });
    });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (piece) => {
      this.#pieces.push(piece);
      this.#wake?.();
    });
    this.socket.on('end', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** Says that nothing more will be sent, and goes on reading. */
  halfClose(): void {
    this.socket.end();
  }

  leave(): void {
    this.socket.destroy();
  }

  /** Everything received so far and not taken yet, as text. */
  get text(): string {
    this.#collect();
    return this.#received.toString('latin1');
  }

  /** Waits until `pattern` has arrived. */
  async until(pattern: string): Promise<string> {
    while (!this.text.includes(pattern)) await this.#more(`waiting for ${JSON.stringify(pattern)}, got ${this.text}`);
    return this.text;
  }

  /** The next response, with its body decoded. */
  async response(): Promise<RawResponse> {
    for (;;) {
      const found = parse(this.text, this.#ended);
      if (found !== undefined) {
        this.#received = this.#received.subarray(found.length);
        return found.response;
      }
      await this.#more(`no whole response in ${JSON.stringify(this.text)}`);
    }
  }

  async #more(otherwise: string): Promise<void> {
    if (this.#ended && this.#pieces.length === 0) throw new Error(`connection closed: ${otherwise}`);
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #collect(): void {
    if (this.#pieces.length === 0) return;
    this.#received = Buffer.concat([this.#received, ...this.#pieces.splice(0)]);
  }
}

function parse(text: string, ended: boolean): { response: RawResponse; length: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const start = headEnd + 4;
  const done = (body: string, length: number, complete = true) => ({
    response: { status, headers, body: Buffer.from(body, 'latin1').toString(), complete },
    length,
  });
  if (status === 100) return done('', start);
  if (headers['transfer-encoding'] === 'chunked') {
    const { body, end } = chunks(text, start);
    if (end !== undefined) return done(body, end);
    return ended ? done(body, text.length, false) : undefined;
  }
  const length = Number(headers['content-length'] ?? 0);
  if (text.length >= start + length) return done(text.slice(start, start + length), start + length);
  return ended ? done(text.slice(start), text.length, false) : undefined;
}

function chunks(text: string, start: number): { body: string; end: number | undefined } {
  let body = '';
  let at = start;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    if (line === -1) return { body, end: undefined };
    const size = Number.parseInt(text.slice(at, line), 16);
    const data = line + 2;
    if (text.length < data + size + 2) return { body, end: undefined };
    if (size === 0) return { body, end: data + 2 };
    body += text.slice(data, data + size);
    at = data + size + 2;
  }
}

/** The bytes of a request with a body and a right content-length. */
export function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: 'gateway', 'content-length': String(Buffer.byteLength(body)), ...headers });
  return [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: gateway\r\n\r\n`;
}
