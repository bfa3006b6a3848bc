import type { Answer } from '../answer/ask.ts';
import { completeAt, fragments, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk, ChunkKind } from '../wire/reply.ts';
import { STOP_REASONS } from './anthropic-usage.ts';
import { awsFrame } from './aws-frame.ts';
import { readBedrockConverse } from './bedrock-converse-read.ts';
import type { Envelope, WireDialect } from './dialect.ts';

function usage({ inputTokens, outputTokens }: Answer): string {
  return `{"inputTokens":${inputTokens},"outputTokens":${outputTokens},"totalTokens":${inputTokens + outputTokens},"cacheReadInputTokens":0,"cacheWriteInputTokens":0}`;
}

/** The text of an answer needs no escaping, so bodies are put together rather than serialised. */
function complete(answer: Answer): string {
  const { text, toolCalls, finish } = answer;
  const content =
    toolCalls.length === 0
      ? `{"text":"${text}"}`
      : toolCalls
          .map(
            ({ id, name, arguments: json }) =>
              `{"toolUse":{"toolUseId":"tooluse_${id}","name":${JSON.stringify(name)},"input":${json}}}`,
          )
          .join(',');
  return (
    `{"output":{"message":{"role":"assistant","content":[${content}]}},"stopReason":"${STOP_REASONS[finish]}",` +
    `"usage":${usage(answer)},"metrics":{"latencyMs":1}}`
  );
}

const event = (type: string, payload: string) =>
  awsFrame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);

function stream(answer: Answer, _envelope: Envelope, { pace }: { readonly pace: Pace }): Chunk[] {
  const chunks: Chunk[] = [];
  const add = (kind: ChunkKind, data: Uint8Array, at: { readonly atMs: number; readonly tokens: number }) =>
    chunks.push({ kind, data, atMs: at.atMs, tokens: at.tokens });
  const first = { atMs: pace.firstTokenMs, tokens: 0 };
  const called = { atMs: pace.firstTokenMs, tokens: answer.outputTokens };
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };

  add('open', event('messageStart', '{"role":"assistant","p":"abcd"}'), first);
  for (const [index, { id, name, arguments: json }] of answer.toolCalls.entries()) {
    const start = { contentBlockIndex: index, start: { toolUse: { toolUseId: `tooluse_${id}`, name } } };
    add('content', event('contentBlockStart', JSON.stringify(start)), called);
    for (const input of fragments(json)) {
      const delta = { contentBlockIndex: index, delta: { toolUse: { input } } };
      add('content', event('contentBlockDelta', JSON.stringify(delta)), called);
    }
    add('finish', event('contentBlockStop', `{"contentBlockIndex":${index}}`), called);
  }
  if (answer.toolCalls.length === 0) {
    for (const piece of pacedPieces(answer.text, pace)) {
      add(
        'content',
        event('contentBlockDelta', `{"contentBlockIndex":0,"delta":{"text":"${piece.text}"},"p":"ab"}`),
        piece,
      );
    }
    add('finish', event('contentBlockStop', '{"contentBlockIndex":0}'), last);
  }
  add('finish', event('messageStop', `{"stopReason":"${STOP_REASONS[answer.finish]}"}`), last);
  add('done', event('metadata', `{"usage":${usage(answer)},"metrics":{"latencyMs":1}}`), last);
  return chunks;
}

/** Inside a stream an error's name is the type of its frame; outside it stands in a header, so it is told by its words here. */
function exceptionOf(message: string): string {
  if (message.startsWith('Too many')) return 'throttlingException';
  if (message.includes('unable to process')) return 'serviceUnavailableException';
  return message.includes('unexpected error') ? 'internalServerException' : 'modelStreamErrorException';
}

export const BEDROCK_CONVERSE: WireDialect = {
  streamContentType: 'application/vnd.amazon.eventstream',
  read: (body, _header, path) => readBedrockConverse(body, path),
  complete,
  stream,
  errorFrame: (body) => {
    const message = typeof body['message'] === 'string' ? body['message'] : '';
    const headers = {
      ':message-type': 'exception',
      ':exception-type': exceptionOf(message),
      ':content-type': 'application/json',
    };
    return awsFrame(headers, JSON.stringify({ message }));
  },
  malformedFrame: () => event('contentBlockDelta', '{"contentBlockIndex":0,"delta":{"te'),
  // There is no event for it.
  keepAliveFrame: () => '',
};
