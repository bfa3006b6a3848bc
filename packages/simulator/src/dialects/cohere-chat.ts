import type { Answer, ToolCall } from '../answer/ask.ts';
import { completeAt, fragments, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk, ChunkKind } from '../wire/reply.ts';
import { readCohereChat } from './cohere-chat-read.ts';
import type { Envelope, WireDialect } from './dialect.ts';

const FINISH_REASONS: Readonly<Record<Answer['finish'], string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'TOOL_CALL',
};

function usage({ inputTokens, outputTokens }: Answer): string {
  const counts = `{"input_tokens":${inputTokens},"output_tokens":${outputTokens}}`;
  return `{"billed_units":${counts},"tokens":${counts},"cached_tokens":0}`;
}

/** What the model says it is about to do, which it does in front of every call. */
const PLAN = 'I will use the tools that I have.';

function toolCall({ id, name, arguments: json }: ToolCall) {
  return { id: `${name}_${id}`, type: 'function', function: { name, arguments: json } };
}

/** The text of an answer needs no escaping, so bodies are put together rather than serialised. */
function complete(answer: Answer, envelope: Envelope): string {
  const said =
    answer.toolCalls.length === 0
      ? `"content":[{"type":"text","text":"${answer.text}"}]`
      : `"tool_plan":"${PLAN}","tool_calls":${JSON.stringify(answer.toolCalls.map(toolCall))}`;
  return (
    `{"id":"${envelope.id}","message":{"role":"assistant",${said}},` +
    `"finish_reason":"${FINISH_REASONS[answer.finish]}","usage":${usage(answer)}}`
  );
}

const event = (type: string, rest: string) => `event: ${type}\ndata: {"type":"${type}",${rest}}\n\n`;

function stream(answer: Answer, envelope: Envelope, { pace }: { readonly pace: Pace }): Chunk[] {
  const chunks: Chunk[] = [];
  const add = (kind: ChunkKind, data: string, at: { readonly atMs: number; readonly tokens: number }) =>
    chunks.push({ kind, data, atMs: at.atMs, tokens: at.tokens });
  const first = { atMs: pace.firstTokenMs, tokens: 0 };
  const called = { atMs: pace.firstTokenMs, tokens: answer.outputTokens };
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };

  const start = '"delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}';
  add('open', event('message-start', `"id":"${envelope.id}",${start}`), first);
  if (answer.toolCalls.length > 0) {
    for (const word of PLAN.split(/(?<= )/)) {
      add('content', event('tool-plan-delta', `"delta":{"message":{"tool_plan":"${word}"}}`), called);
    }
  }
  for (const [index, call] of answer.toolCalls.entries()) {
    const { id, type, function: named } = toolCall(call);
    const begun = { message: { tool_calls: { id, type, function: { name: named.name, arguments: '' } } } };
    add('content', event('tool-call-start', `"index":${index},"delta":${JSON.stringify(begun)}`), called);
    for (const json of fragments(named.arguments)) {
      const delta = { message: { tool_calls: { function: { arguments: json } } } };
      add('content', event('tool-call-delta', `"index":${index},"delta":${JSON.stringify(delta)}`), called);
    }
    add('finish', event('tool-call-end', `"index":${index}`), called);
  }
  if (answer.toolCalls.length === 0) {
    const opened = '"index":0,"delta":{"message":{"content":{"type":"text","text":""}}}';
    add('open', event('content-start', opened), first);
    for (const piece of pacedPieces(answer.text, pace)) {
      const delta = `"index":0,"delta":{"message":{"content":{"text":"${piece.text}"}}}`;
      add('content', event('content-delta', delta), piece);
    }
    add('finish', event('content-end', '"index":0'), last);
  }
  const end = `"id":"${envelope.id}","delta":{"finish_reason":"${FINISH_REASONS[answer.finish]}","usage":${usage(answer)}}`;
  add('done', event('message-end', end), last);
  return chunks;
}

export const COHERE_CHAT: WireDialect = {
  read: readCohereChat,
  complete,
  stream,
  // A generation that fails says so where another says how it ended.
  errorFrame: (body) =>
    event('message-end', `"delta":{"finish_reason":"ERROR","error":${JSON.stringify(body['message'] ?? '')}}`),
  malformedFrame: () => 'event: content-delta\ndata: {"type":"content-delta","index":0,"del\n\n',
  keepAliveFrame: () => ': keep-alive\n\n',
};
