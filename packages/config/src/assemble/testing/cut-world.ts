import { responsesEvents } from './responses-events.ts';
import type { Context, Handler, HttpRequest, HttpResponse } from '@x/core';

/** One upstream call: what it says, and where it is cut. */
export interface WorldCall {
  /** Bytes after which it is cut; undefined for never. */
  readonly cutAt?: number | undefined;
  /** A cut is a reset, or a body that ends. */
  readonly how?: 'reset' | 'end' | undefined;
  /** What a target says that is not asked to go on. @default the world's text */
  readonly text?: string | undefined;
}

export interface World extends Handler<HttpRequest, HttpResponse> {
  readonly requests: { readonly url: string; readonly body: Record<string, unknown> }[];
  /** Bodies that have been neither read to their end nor closed. */
  readonly open: number;
}

interface WorldInit {
  readonly text: string;
  /** Characters of each delta. */
  readonly pieceChars: number;
  /** The last of them for ever. */
  readonly calls: readonly WorldCall[];
  readonly refusesPrefill?: boolean;
}

const encoder = new TextEncoder();

/** Providers of three dialects that know one text, and go on with it from wherever an assistant message leaves off. */
export function cutWorld({ text, pieceChars, calls, refusesPrefill = false }: WorldInit): World {
  const requests: { url: string; body: Record<string, unknown> }[] = [];
  const state = { open: 0 };
  const world = async (request: HttpRequest, context: Context): Promise<HttpResponse> => {
    const body = JSON.parse(new TextDecoder().decode(request.body as Uint8Array)) as Record<string, unknown>;
    const call = calls[Math.min(requests.length, calls.length - 1)] ?? {};
    requests.push({ url: request.url, body });
    const said = prefillOf(body);
    if (said !== undefined && refusesPrefill) return refusal();
    const words = said !== undefined && text.startsWith(said) ? text.slice(said.length) : (call.text ?? text);
    const { url } = request;
    const events = url.includes('/messages')
      ? messagesEvents(words, pieceChars)
      : url.includes('/responses')
        ? responsesEvents(piecesOf(words, pieceChars))
        : url.includes('GenerateContent')
          ? generateEvents(words, pieceChars)
          : chatEvents(words, pieceChars, body);
    state.open += 1;
    const bytes = encoder.encode(events.join('')).subarray(0, call.cutAt ?? Infinity);
    const isCut = call.cutAt !== undefined && bytes.byteLength === call.cutAt;
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: play(bytes, isCut && call.how === 'reset', { signal: context.signal, state }),
    };
  };
  return Object.defineProperties(world, {
    requests: { value: requests },
    open: { get: () => state.open },
  }) as unknown as World;
}

function refusal(): HttpResponse {
  const body = { type: 'error', error: { type: 'invalid_request_error', message: 'no prefill' } };
  return {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield encoder.encode(JSON.stringify(body));
    })(),
  };
}

/** What an assistant message at the end says. */
function prefillOf({ messages, input }: Record<string, unknown>): string | undefined {
  const said = messages ?? input;
  if (!Array.isArray(said)) return undefined;
  const last = (said as { role: string; content: string | { text: string }[] }[]).at(-1);
  if (last?.role !== 'assistant') return undefined;
  return typeof last.content === 'string' ? last.content : last.content.map(({ text }) => text).join('');
}

function piecesOf(text: string, chars: number): string[] {
  return Array.from({ length: Math.ceil(text.length / chars) }, (_, at) => text.slice(at * chars, (at + 1) * chars));
}

function chatEvents(text: string, chars: number, body: Record<string, unknown>): string[] {
  const shared = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-4o-2026' };
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ ...shared, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 };
  const asked = (body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true;
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...piecesOf(text, chars).map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    ...(asked ? [`data: ${JSON.stringify({ ...shared, choices: [], usage })}\n\n`] : []),
    'data: [DONE]\n\n',
  ];
}

function messagesEvents(text: string, chars: number): string[] {
  const event = (type: string, rest: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-3-5',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  };
  return [
    event('message_start', { message }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping', {}),
    ...piecesOf(text, chars).map((piece) =>
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
    ),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 20 },
    }),
    event('message_stop', {}),
  ];
}

function generateEvents(text: string, chars: number): string[] {
  const event = (words: string, rest: object) => {
    const candidate = { content: { parts: [{ text: words }], role: 'model' }, index: 0, ...rest };
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 20, totalTokenCount: 30 };
    return `data: ${JSON.stringify({ candidates: [candidate], usageMetadata, modelVersion: 'gemini-2.5', responseId: 'r1' })}\n\n`;
  };
  return [...piecesOf(text, chars).map((words) => event(words, {})), event('', { finishReason: 'STOP' })];
}

/** In small pieces, so that breaks fall between reads. Closed once, by its end or by its reader. */
async function* play(
  bytes: Uint8Array,
  reset: boolean,
  { signal, state }: { signal: AbortSignal; state: { open: number } },
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < bytes.byteLength; at += 200) {
      signal.throwIfAborted();
      yield bytes.subarray(at, at + 200);
    }
    if (reset) throw new Error('socket hang up');
  } finally {
    state.open -= 1;
  }
}
