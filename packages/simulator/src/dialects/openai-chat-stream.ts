import type { Answer } from '../answer/ask.ts';
import { completeAt, fragments, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk, ChunkKind } from '../wire/reply.ts';
import type { Envelope } from './dialect.ts';
import { openaiUsage } from './openai-usage.ts';

export function streamOpenAIChat(
  answer: Answer,
  envelope: Envelope,
  { pace, includeUsage }: { readonly pace: Pace; readonly includeUsage: boolean },
): Chunk[] {
  const head =
    `data: {"id":"chatcmpl-${envelope.id}","object":"chat.completion.chunk","created":${envelope.created},` +
    `"model":${JSON.stringify(envelope.model)},"service_tier":"default","system_fingerprint":"fp_simulated","choices":[`;
  // With include_usage, every chunk but the last has a null.
  const tail = includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const chunks: Chunk[] = [];
  const add = (
    kind: ChunkKind,
    delta: string,
    at: { readonly atMs: number; readonly tokens: number },
    finish = 'null',
  ) =>
    chunks.push({
      kind,
      data: `${head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}${tail}`,
      atMs: at.atMs,
      tokens: at.tokens,
    });
  const first = { atMs: pace.firstTokenMs, tokens: 0 };
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };
  if (answer.toolCalls.length > 0) {
    add('open', '{"role":"assistant","content":null,"refusal":null}', first);
    addToolCalls(answer, (delta) => add('content', delta, { atMs: first.atMs, tokens: answer.outputTokens }));
  } else {
    add('open', '{"role":"assistant","content":"","refusal":null}', first);
    for (const piece of pacedPieces(answer.text, pace)) add('content', `{"content":"${piece.text}"}`, piece);
  }
  add('finish', '{}', last, `"${answer.finish}"`);
  if (includeUsage) chunks.push({ kind: 'usage', data: `${head}],"usage":${openaiUsage(answer)}}\n\n`, ...last });
  chunks.push({ kind: 'done', data: 'data: [DONE]\n\n', ...last });
  return chunks;
}

/** Id and name come with the first delta of a call, the arguments in fragments after it. */
function addToolCalls(answer: Answer, add: (delta: string) => void): void {
  for (const [index, { id, name, arguments: json }] of answer.toolCalls.entries()) {
    const call = { index, id: `call_${id}`, type: 'function', function: { name, arguments: '' } };
    add(JSON.stringify({ tool_calls: [call] }));
    for (const part of fragments(json)) add(JSON.stringify({ tool_calls: [{ index, function: { arguments: part } }] }));
  }
}
