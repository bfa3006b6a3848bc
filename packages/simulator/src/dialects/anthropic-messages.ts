import type { Answer } from '../answer/ask.ts';
import { readAnthropicMessages } from './anthropic-messages-read.ts';
import { streamAnthropicMessages } from './anthropic-messages-stream.ts';
import { anthropicUsage, STOP_REASONS } from './anthropic-usage.ts';
import type { Envelope, WireDialect } from './dialect.ts';

/** The text of an answer needs no escaping, so bodies are put together rather than serialised. */
function complete(answer: Answer, envelope: Envelope): string {
  const { text, toolCalls, finish } = answer;
  const content =
    toolCalls.length === 0
      ? `{"type":"text","text":"${text}"}`
      : toolCalls
          .map(
            ({ id, name, arguments: json }) =>
              `{"type":"tool_use","id":"toolu_${id}","name":${JSON.stringify(name)},"input":${json}}`,
          )
          .join(',');
  return (
    `{"id":"msg_${envelope.id}","type":"message","role":"assistant","model":${JSON.stringify(envelope.model)},` +
    `"content":[${content}],"stop_reason":"${STOP_REASONS[finish]}","stop_sequence":null,` +
    `"usage":${anthropicUsage(answer.inputTokens, answer.outputTokens)}}`
  );
}

export const ANTHROPIC_MESSAGES: WireDialect = {
  read: readAnthropicMessages,
  complete,
  stream: streamAnthropicMessages,
  errorFrame: (body) => `event: error\ndata: ${JSON.stringify(body)}\n\n`,
  malformedFrame: () =>
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_del\n\n',
  keepAliveFrame: () => 'event: ping\ndata: {"type":"ping"}\n\n',
};
