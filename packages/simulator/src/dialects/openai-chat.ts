import type { Answer, ToolCall } from '../answer/ask.ts';
import type { Envelope, WireDialect } from './dialect.ts';
import { isRecord } from './input-size.ts';
import { readOpenAIChat } from './openai-chat-read.ts';
import { streamOpenAIChat } from './openai-chat-stream.ts';
import { openaiUsage } from './openai-usage.ts';

/** The text of an answer needs no escaping, so bodies are put together rather than serialised. */
function complete(answer: Answer, envelope: Envelope): string {
  const { text, toolCalls, finish } = answer;
  const content =
    toolCalls.length === 0 ? `"${text}"` : `null,"tool_calls":${JSON.stringify(toolCalls.map(openaiToolCall))}`;
  return (
    `{"id":"chatcmpl-${envelope.id}","object":"chat.completion","created":${envelope.created},` +
    `"model":${JSON.stringify(envelope.model)},"choices":[{"index":0,"message":{"role":"assistant","content":${content},` +
    `"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"${finish}"}],"usage":${openaiUsage(answer)},` +
    '"service_tier":"default","system_fingerprint":"fp_simulated"}'
  );
}

function openaiToolCall(call: ToolCall) {
  return { id: `call_${call.id}`, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

export const OPENAI_CHAT: WireDialect = {
  read: readOpenAIChat,
  complete,
  stream: streamOpenAIChat,
  errorFrame: (body) => {
    const error = isRecord(body['error'])
      ? body['error']
      : { message: body['message'], type: 'server_error', param: null, code: null };
    return `data: ${JSON.stringify({ error })}\n\n`;
  },
  malformedFrame: () =>
    'data: {"id":"chatcmpl-malformed","object":"chat.completion.chunk","choices":[{"index":0,"del\n\n',
  keepAliveFrame: () => ': keep-alive\n\n',
};
