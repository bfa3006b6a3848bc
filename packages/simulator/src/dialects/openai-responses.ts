import type { Answer, ToolCall } from '../answer/ask.ts';
import { completeAt, fragments, pacedPieces, type Pace } from '../answer/pace.ts';
import type { Chunk, ChunkKind } from '../wire/reply.ts';
import type { Envelope, WireDialect } from './dialect.ts';
import { isRecord } from './input-size.ts';
import { readOpenAIResponses } from './openai-responses-read.ts';

/** All of a response but its output. Answers name only what was not asked for, as the real one's repeat the request. */
function response(envelope: Envelope, status: string, rest: string): string {
  return (
    `{"id":"resp_${envelope.id}","object":"response","created_at":${envelope.created},"status":"${status}","background":false,` +
    `"error":null,"model":${JSON.stringify(envelope.model)},"parallel_tool_calls":true,"previous_response_id":null,` +
    `"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,` +
    `"text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":[],"top_p":1.0,` +
    `"truncation":"disabled","user":null,"metadata":{},"instructions":null,"max_output_tokens":null,${rest}}`
  );
}

function usage({ inputTokens, outputTokens }: Answer): string {
  return (
    `{"input_tokens":${inputTokens},"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},` +
    `"output_tokens":${outputTokens},"output_tokens_details":{"reasoning_tokens":0},` +
    `"total_tokens":${inputTokens + outputTokens}}`
  );
}

const statusOf = ({ finish }: Answer) => (finish === 'length' ? 'incomplete' : 'completed');

/** The text of an answer needs no escaping. */
const part = (text: string) => `{"type":"output_text","annotations":[],"logprobs":[],"text":"${text}"}`;

function message({ id }: Envelope, status: string, content: string): string {
  return `{"id":"msg_${id}","type":"message","status":"${status}","content":[${content}],"role":"assistant"}`;
}

function call({ id, name }: ToolCall, status: string, json: string): string {
  return JSON.stringify({
    id: `fc_${id}`,
    type: 'function_call',
    status,
    arguments: json,
    call_id: `call_${id}`,
    name,
  });
}

/** The response with its whole output, as it is answered and as the last event has it. */
function finished(answer: Answer, envelope: Envelope): string {
  const status = statusOf(answer);
  const output =
    answer.toolCalls.length > 0
      ? answer.toolCalls.map((each) => call(each, 'completed', each.arguments)).join(',')
      : message(envelope, status, part(answer.text));
  const why = status === 'incomplete' ? '{"reason":"max_output_tokens"}' : 'null';
  return response(envelope, status, `"incomplete_details":${why},"output":[${output}],"usage":${usage(answer)}`);
}

function stream(answer: Answer, envelope: Envelope, { pace }: { readonly pace: Pace }): Chunk[] {
  const chunks: Chunk[] = [];
  let at = { atMs: pace.firstTokenMs, tokens: 0 };
  const add = (kind: ChunkKind, type: string, rest: string) => {
    const data = `event: ${type}\ndata: {"type":"${type}","sequence_number":${chunks.length},${rest}}\n\n`;
    chunks.push({ kind, data, ...at });
  };
  const begun = response(envelope, 'in_progress', '"incomplete_details":null,"output":[],"usage":null');
  add('open', 'response.created', `"response":${begun}`);
  add('open', 'response.in_progress', `"response":${begun}`);
  const last = { atMs: completeAt(pace, answer.outputTokens), tokens: answer.outputTokens };
  if (answer.toolCalls.length > 0) {
    at = { ...at, tokens: answer.outputTokens };
    addCalls(answer, add);
  } else {
    addMessage(answer, envelope, {
      add,
      move: (moment) => {
        at = moment ?? last;
      },
      pace,
    });
  }
  at = last;
  add('finish', `response.${statusOf(answer)}`, `"response":${finished(answer, envelope)}`);
  return chunks;
}

type Add = (kind: ChunkKind, type: string, rest: string) => void;

interface Writing {
  readonly add: Add;
  /** Sets the time of what is added next; the end's without one. */
  readonly move: (moment?: { readonly atMs: number; readonly tokens: number }) => void;
  readonly pace: Pace;
}

function addMessage(answer: Answer, envelope: Envelope, { add, move, pace }: Writing): void {
  const where = `"item_id":"msg_${envelope.id}","output_index":0,"content_index":0`;
  add('open', 'response.output_item.added', `"output_index":0,"item":${message(envelope, 'in_progress', '')}`);
  add('open', 'response.content_part.added', `${where},"part":${part('')}`);
  for (const { text, atMs, tokens } of pacedPieces(answer.text, pace)) {
    move({ atMs, tokens });
    add('content', 'response.output_text.delta', `${where},"delta":"${text}","logprobs":[]`);
  }
  move();
  const done = message(envelope, statusOf(answer), part(answer.text));
  add('finish', 'response.output_text.done', `${where},"text":"${answer.text}","logprobs":[]`);
  add('finish', 'response.content_part.done', `${where},"part":${part(answer.text)}`);
  add('finish', 'response.output_item.done', `"output_index":0,"item":${done}`);
}

/** One item for each call, its arguments in fragments. */
function addCalls({ toolCalls }: Answer, add: Add): void {
  for (const [index, each] of toolCalls.entries()) {
    const where = `"item_id":"fc_${each.id}","output_index":${index}`;
    const item = (status: string, json: string) => `"output_index":${index},"item":${call(each, status, json)}`;
    add('content', 'response.output_item.added', item('in_progress', ''));
    for (const fragment of fragments(each.arguments)) {
      add('content', 'response.function_call_arguments.delta', `${where},"delta":${JSON.stringify(fragment)}`);
    }
    const json = JSON.stringify(each.arguments);
    add('content', 'response.function_call_arguments.done', `${where},"arguments":${json}`);
    add('content', 'response.output_item.done', item('completed', each.arguments));
  }
}

export const OPENAI_RESPONSES: WireDialect = {
  read: readOpenAIResponses,
  complete: finished,
  stream,
  errorFrame: (body) => {
    const {
      message: said = 'An error occurred.',
      code = null,
      param = null,
    } = isRecord(body['error']) ? body['error'] : body;
    const event = { type: 'error', code, message: said, param, sequence_number: 0 };
    return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  },
  malformedFrame: () =>
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","item_id":"msg_mal\n\n',
  keepAliveFrame: () => ': keep-alive\n\n',
};
