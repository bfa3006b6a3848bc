import { JsonBody, type StreamPart } from '@x/core';
import {
  codec,
  DEFAULT_QUIRKS,
  frameOf,
  SSE_FRAMING,
  TranslationNotes,
  type DialectCodec,
  type WireEvent,
} from '@x/providers';
import type { Recording } from './recording.ts';
import { sideBySide, type Batches, type Cost } from './side-by-side.ts';

export interface PairCost {
  readonly caller: Recording;
  readonly provider: Recording;
  readonly request: Cost;
  readonly answer: Cost;
  /** Of a stream, each. */
  readonly event: Cost;
}

const WHOLE = { size: 20, count: 200, warmUp: 100 };
const STREAMS = { size: 1, count: 150, warmUp: 60 };
const MOST_CHARS = 1_000_000;
const META = { id: '0f5e9a0e-9a0e-4e3c-8e7e-9a0e4e3c8e7e', model: 'm', now: 1_795_305_600_500, includeUsage: true };

/** From bytes to bytes. Between dialects it is translated, within one it is passed through. */
export function measurePair(caller: Recording, provider: Recording, batches?: Batches): PairCost {
  const [from, to] = [codec(caller.speaker.dialect), codec(provider.speaker.dialect)];
  const same = from === to;
  const { model } = provider.speaker;
  const request = same
    ? () => JsonBody.parse(caller.request).edit({ model })
    : () => translateRequest(caller.request, { from, to, model });
  const answer = same
    ? () => passAnswer(provider.answer, to)
    : () => JsonBody.of(from.encodeAnswer(to.decodeAnswer(JsonBody.parse(provider.answer).value, META.id), META)).bytes;
  const events = streamReader(same ? undefined : from, to);
  const stream = sideBySide(() => events(provider.events), json(payloadsOf(provider, to)), batches ?? STREAMS);
  return {
    caller,
    provider,
    request: sideBySide(request, json([caller.request]), batches ?? WHOLE),
    answer: sideBySide(answer, json([provider.answer]), batches ?? WHOLE),
    event: { ...stream, us: stream.us / provider.events.length },
  };
}

function translateRequest(
  bytes: Uint8Array,
  { from, to, model }: { readonly from: DialectCodec; readonly to: DialectCodec; readonly model: string },
): Uint8Array {
  const notes = new TranslationNotes();
  const decoded = from.decodeRequest(JsonBody.parse(bytes).value, notes);
  return JsonBody.of(to.encodeRequest(decoded, { model, quirks: DEFAULT_QUIRKS, notes })).bytes;
}

/** What is looked at in an answer that passes through. */
function passAnswer(bytes: Uint8Array, native: DialectCodec): Uint8Array {
  const body = JsonBody.parse(bytes);
  native.failureIn(body.value);
  native.readUsage(body.value);
  native.readFinishReason(body.value);
  return body.bytes;
}

/** Reads a stream and writes it, to its last byte. */
function streamReader(caller: DialectCodec | undefined, native: DialectCodec) {
  const { encoding } = (caller ?? native).framing ?? SSE_FRAMING;
  return (chunks: readonly Uint8Array[]) => {
    const framing = (native.framing ?? SSE_FRAMING).decoder(MOST_CHARS);
    const decoder = native.streamDecoder(META.id);
    const encoder = caller?.streamEncoder(META);
    let bytes = 0;
    const write = (frame: string) => {
      bytes += Buffer.from(frame, encoding).byteLength;
    };
    const read = (event: WireEvent) => {
      const decoded = decoder.decode(event);
      if (decoded === undefined) throw new Error(`cannot read ${event.data}`);
      let frame = encoder === undefined ? frameOf(event) : '';
      if (encoder !== undefined) for (const part of decoded.parts) frame += encoder.encode(part as StreamPart);
      write(frame);
    };
    for (const chunk of chunks) for (const event of framing.push(chunk)) read(event);
    if (encoder !== undefined) write(encoder.end());
    return bytes;
  };
}

/** The JSON in each event. */
function payloadsOf({ events }: Recording, native: DialectCodec): Uint8Array[] {
  const framing = (native.framing ?? SSE_FRAMING).decoder(MOST_CHARS);
  const all = events.flatMap((chunk) => framing.push(chunk));
  return all.flatMap(({ data }) => (data.startsWith('{') ? [Buffer.from(data)] : []));
}

/** Parses, and writes again. */
function json(bodies: readonly Uint8Array[]): () => void {
  const buffers = bodies.map((body) => Buffer.from(body));
  return () => {
    for (const buffer of buffers) Buffer.from(JSON.stringify(JSON.parse(buffer.toString())));
  };
}
