import type { Answer } from '../answer/ask.ts';
import { completeAt, fragments, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk, ChunkKind } from '../wire/reply.ts';
import { anthropicUsage, STOP_REASONS } from './anthropic-usage.ts';
import type { Envelope } from './dialect.ts';

interface Moment {
  readonly atMs: number;
  readonly tokens: number;
}

export function streamAnthropicMessages(
  answer: Answer,
  envelope: Envelope,
  { pace }: { readonly pace: Pace },
): Chunk[] {
  const chunks: Chunk[] = [];
  const add = (kind: ChunkKind, type: string, rest: string, { atMs, tokens }: Moment) =>
    chunks.push({ kind, atMs, tokens, data: `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n` });
  const first = { atMs: pace.firstTokenMs, tokens: 0 };
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };

  add(
    'open',
    'message_start',
    `,"message":{"id":"msg_${envelope.id}","type":"message","role":"assistant","model":${JSON.stringify(envelope.model)},` +
      `"content":[],"stop_reason":null,"stop_sequence":null,"usage":${anthropicUsage(answer.inputTokens, 1)}}`,
    first,
  );
  if (answer.toolCalls.length > 0) {
    addToolUse(answer, (type, rest) => {
      const kind = type === 'content_block_stop' ? 'finish' : 'content';
      add(kind, type, rest, { atMs: first.atMs, tokens: answer.outputTokens });
    });
    add('ping', 'ping', '', { ...first, tokens: answer.outputTokens });
  } else {
    add('open', 'content_block_start', ',"index":0,"content_block":{"type":"text","text":""}', first);
    add('ping', 'ping', '', first);
    for (const piece of pacedPieces(answer.text, pace)) {
      add('content', 'content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":"${piece.text}"}`, piece);
    }
    add('finish', 'content_block_stop', ',"index":0', last);
  }
  add(
    'finish',
    'message_delta',
    `,"delta":{"stop_reason":"${STOP_REASONS[answer.finish]}","stop_sequence":null},` +
      `"usage":{"output_tokens":${answer.outputTokens}}`,
    last,
  );
  add('done', 'message_stop', '', last);
  return chunks;
}

/** One block for each call, its input in fragments. The index counts blocks. */
function addToolUse(answer: Answer, add: (type: string, rest: string) => void): void {
  for (const [index, { id, name, arguments: json }] of answer.toolCalls.entries()) {
    const block = { type: 'tool_use', id: `toolu_${id}`, name, input: {} };
    add('content_block_start', `,"index":${index},"content_block":${JSON.stringify(block)}`);
    for (const part of ['', ...fragments(json)]) {
      const delta = { type: 'input_json_delta', partial_json: part };
      add('content_block_delta', `,"index":${index},"delta":${JSON.stringify(delta)}`);
    }
    add('content_block_stop', `,"index":${index}`);
  }
}
