import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The body of a response whose headers are written, for text that comes piece by piece. */
export interface StreamBody {
  /** False when the caller should take what was written first. Writing nothing does nothing. */
  write(text: string): boolean;
  end(): void;
}

/**
 * Sends the headers, in one packet with what is written at once, and opens the body. Node would write each chunk as four pieces:
 * its size, a line end, the text, a line end. Put together here they are one, which takes a quarter off the cost of a write.
 */
export function openBody(response: ServerResponse, encoding: 'utf8' | 'latin1'): StreamBody {
  const { socket } = response;
  // The socket is corked and not the response, whose `end` would overtake what it holds back.
  socket?.cork();
  response.flushHeaders();
  if (socket !== null) process.nextTick(uncork, socket);
  if (!response.chunkedEncoding) return new PlainBody(response, encoding);
  response.chunkedEncoding = false;
  return new ChunkedBody(response, encoding);
}

function uncork(socket: Socket): void {
  socket.uncork();
}

class ChunkedBody implements StreamBody {
  readonly #response: ServerResponse;
  readonly #encoding: 'utf8' | 'latin1';

  constructor(response: ServerResponse, encoding: 'utf8' | 'latin1') {
    this.#response = response;
    this.#encoding = encoding;
  }

  write(text: string): boolean {
    // A chunk of size 0 would be the last one.
    if (text === '') return true;
    const size = Buffer.byteLength(text, this.#encoding);
    // Of as many bytes as characters, it is ASCII, and that is copied where other text is encoded.
    const encoding = size === text.length ? 'latin1' : this.#encoding;
    return this.#response.write(`${size.toString(16)}\r\n${text}\r\n`, encoding);
  }

  end(): void {
    this.#response.end('0\r\n\r\n');
  }
}

/** For callers that speak HTTP/1.0: the end of the connection is the end of the body. */
class PlainBody implements StreamBody {
  readonly #response: ServerResponse;
  readonly #encoding: 'utf8' | 'latin1';

  constructor(response: ServerResponse, encoding: 'utf8' | 'latin1') {
    this.#response = response;
    this.#encoding = encoding;
  }

  write(text: string): boolean {
    return text === '' || this.#response.write(text, this.#encoding);
  }

  end(): void {
    this.#response.end();
  }
}
