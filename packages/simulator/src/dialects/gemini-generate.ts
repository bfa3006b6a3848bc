import type { Answer } from '../answer/ask.ts';
import { completeAt, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk } from '../wire/reply.ts';
import type { Envelope, WireDialect } from './dialect.ts';
import { readGeminiGenerate } from './gemini-generate-read.ts';

const FINISH_REASONS = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP' } as const;

/** Calls have no ids. Newer models sign them: the first of parallel ones. */
function parts({ text, toolCalls }: Answer, { model, id }: Envelope): string {
  if (toolCalls.length === 0) return `{"text":"${text}"}`;
  const signature = model.startsWith('gemini-3') ? `,"thoughtSignature":"${btoa(`signed ${id}`)}"` : '';
  return toolCalls
    .map(
      ({ name, arguments: json }, index) =>
        `{"functionCall":{"name":${JSON.stringify(name)},"args":${json}}${index === 0 ? signature : ''}}`,
    )
    .join(',');
}

function tail({ inputTokens }: Answer, { model, id }: Envelope, outputTokens: number): string {
  return (
    `"usageMetadata":{"promptTokenCount":${inputTokens},"candidatesTokenCount":${outputTokens},` +
    `"totalTokenCount":${inputTokens + outputTokens}},"modelVersion":${JSON.stringify(model)},"responseId":"${id}"}`
  );
}

function candidate(content: string, finish?: string): string {
  const reason = finish === undefined ? '' : `,"finishReason":"${finish}"`;
  return `{"candidates":[{"content":{"parts":[${content}],"role":"model"}${reason},"index":0}],`;
}

function complete(answer: Answer, envelope: Envelope): string {
  const head = candidate(parts(answer, envelope), FINISH_REASONS[answer.finish]);
  return head + tail(answer, envelope, answer.outputTokens);
}

/** No event opens the stream and none ends it: the last one has the reason, and then the connection is over. */
function stream(answer: Answer, envelope: Envelope, { pace }: { readonly pace: Pace }): Chunk[] {
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };
  const chunk = (
    kind: Chunk['kind'],
    content: string,
    at: { readonly atMs: number; readonly tokens: number },
  ): Chunk => {
    const reason = kind === 'finish' ? FINISH_REASONS[answer.finish] : undefined;
    return { ...at, kind, data: `data: ${candidate(content, reason)}${tail(answer, envelope, at.tokens)}\n\n` };
  };
  const content =
    answer.toolCalls.length > 0
      ? [chunk('content', parts(answer, envelope), { atMs: pace.firstTokenMs, tokens: answer.outputTokens })]
      : pacedPieces(answer.text, pace).map((piece) =>
          chunk('content', `{"text":"${piece.text}"}`, { atMs: piece.atMs, tokens: piece.tokens }),
        );
  return [...content, chunk('finish', '{"text":""}', last)];
}

export const GEMINI_GENERATE: WireDialect = {
  read: readGeminiGenerate,
  complete,
  stream,
  errorFrame: (body) => `data: ${JSON.stringify(body)}\n\n`,
  keepAliveFrame: () => ': keep-alive\n\n',
  malformedFrame: () => 'data: {"candidates":[{"content":{"parts":[{"te\n\n',
};
