import type { Config, State } from '@x/config';
import type { Clock, JsonObject } from '@x/core';
import type { LoggedRequest, RequestLog } from '@x/store';
import type { RequestRecord } from '@x/telemetry';
import type { Transcript } from './http/options.ts';

const DAY_MS = 86_400_000;

/** Milliseconds after the start, and then between two prunings: little is forgotten at once, so that nothing stands still for it. */
const FIRST_MS = 60_000;
const EVERY_MS = 600_000;

/** Characters of a body that are kept. Enough to see what was meant, and ten thousand that wait to be written stay bearable. */
const MOST_CHARS = 65_536;

type Settings = Config['store']['requestLog'];

/** The request log of a configuration; undefined where it has none. */
export function storedRequests(
  { store: { requestLog } }: Config,
  { state, clock }: { readonly state: State; readonly clock: Clock },
): StoredRequests | undefined {
  return requestLog.enabled
    ? new StoredRequests({ ...requestLog, requests: state.durable.requests, clock })
    : undefined;
}

interface StoredRequestsInit extends Omit<Settings, 'enabled'> {
  readonly requests: RequestLog;
  readonly clock: Clock;
}

/** Writes the record of each request into the durable store, with bodies where they are wanted, and forgets old ones. */
export class StoredRequests {
  readonly #init: StoredRequestsInit;
  /** Of requests that are being answered, by their ids. */
  readonly #transcripts = new Map<string, OpenTranscript>();
  #cancel: () => void;

  constructor(init: StoredRequestsInit) {
    this.#init = init;
    this.#cancel = init.clock.schedule(FIRST_MS, this.#prune);
  }

  /** For the log port of telemetry. A request of which there is a transcript is written when that is whole. */
  readonly record = (record: RequestRecord): void => {
    const transcript = this.#transcripts.get(record.id);
    if (transcript === undefined) this.#init.requests.add(loggedOf(record));
    else transcript.record = record;
  };

  /** Undefined where bodies are not kept. */
  get transcribe(): ((id: string, body: Uint8Array) => Transcript) | undefined {
    return this.#init.bodies ? this.#open : undefined;
  }

  close(): void {
    this.#cancel();
  }

  readonly #open = (id: string, body: Uint8Array): Transcript => {
    const transcript = new OpenTranscript(body, ({ record, requestBody, responseBody }) => {
      this.#transcripts.delete(id);
      if (record !== undefined) this.#init.requests.add(loggedOf(record, { requestBody, responseBody }));
    });
    this.#transcripts.set(id, transcript);
    return transcript;
  };

  /** What fails now is tried again: a log that is too long harms nobody for a while. */
  readonly #prune = (): void => {
    const { requests, clock, retentionDays, maxRows } = this.#init;
    const again = () => {
      this.#cancel = clock.schedule(EVERY_MS, this.#prune);
    };
    this.#cancel = () => undefined;
    requests.prune({ maxAgeMs: retentionDays * DAY_MS, maxRows }).then(again, again);
  };
}

class OpenTranscript implements Transcript {
  record: RequestRecord | undefined;
  readonly requestBody: string;
  /** Null until there is an answer. */
  responseBody: string | null = null;
  readonly #onClose: (transcript: OpenTranscript) => void;

  constructor(body: Uint8Array, onClose: (transcript: OpenTranscript) => void) {
    // A character has four bytes at most.
    this.requestBody = Buffer.from(body.subarray(0, 4 * MOST_CHARS))
      .toString()
      .slice(0, MOST_CHARS);
    this.#onClose = onClose;
  }

  answered(text: string): void {
    const before = this.responseBody ?? '';
    if (before.length < MOST_CHARS) this.responseBody = before + text.slice(0, MOST_CHARS - before.length);
  }

  close(): void {
    this.#onClose(this);
  }
}

type Bodies = Pick<LoggedRequest, 'requestBody' | 'responseBody'>;

function loggedOf(record: RequestRecord, bodies: Bodies = { requestBody: null, responseBody: null }): LoggedRequest {
  const { id, at, tenant = null, served = null, outcome } = record;
  // It is plain data.
  return { id, at, virtualKey: tenant, served, outcome, record: record as unknown as JsonObject, ...bodies };
}
