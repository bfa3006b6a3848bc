import type { Exchange } from './exchange.ts';
import type { StreamWriting } from './options.ts';
import type { StreamBody } from './stream-body.ts';

/**
 * A body that is never silent for long, for callers behind a proxy that closes idle connections. All that is written are whole frames,
 * so one in between is in nobody's way. A caller that does not read is sent nothing more.
 */
export class KeepAlive implements StreamBody {
  readonly #body: StreamBody;
  readonly #exchange: Exchange;
  readonly #frame: string;
  readonly #everyMs: number;
  readonly #look = () => this.#lookAgain();
  #cancel: () => void;
  #writtenAt: number;

  constructor(body: StreamBody, exchange: Exchange, { codec, keepAliveMs }: StreamWriting) {
    this.#body = body;
    this.#exchange = exchange;
    this.#frame = codec.keepAliveFrame;
    this.#everyMs = keepAliveMs;
    this.#writtenAt = exchange.clock.now();
    this.#cancel = exchange.clock.schedule(keepAliveMs, this.#look);
  }

  write(text: string): boolean {
    // One timer per silence, and none per write.
    if (text !== '') this.#writtenAt = this.#exchange.clock.now();
    return this.#body.write(text);
  }

  end(): void {
    this.stop();
    this.#body.end();
  }

  stop(): void {
    this.#cancel();
  }

  #lookAgain(): void {
    const { clock, response, closed } = this.#exchange;
    if (closed) return;
    const silentMs = clock.now() - this.#writtenAt;
    if (silentMs >= this.#everyMs && !response.writableNeedDrain) this.write(this.#frame);
    const left = this.#everyMs - (clock.now() - this.#writtenAt);
    this.#cancel = clock.schedule(left > 0 ? left : this.#everyMs, this.#look);
  }
}
