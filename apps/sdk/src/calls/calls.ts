import {
  abortReason,
  discard,
  JsonBody,
  onSettled,
  openRequest,
  PipelineError,
  toPipelineError,
  type Clock,
  type Dialect,
  type LlmCompletion,
  type LlmStream,
} from '@x/core';
import { codec } from '@x/providers';
import type { Answer, Ask, Question } from './ask.ts';
import { ChatStream } from './chat-stream.ts';
import { embeddingsResult, type EmbeddingsRequest, type EmbeddingsResult } from './embeddings.ts';
import type { CallOptions, ChatRequest, ResponsesRequest } from './request.ts';
import { chatResult, metaOf, responsesResult, type ChatResult, type ResponsesResult } from './result.ts';

/** What both kinds of client can be asked. All of it rejects with a `PipelineError`. */
export interface Calls {
  /** A whole answer. */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResult>;
  /** The same in OpenAI's Responses dialect. */
  responses(request: ResponsesRequest, options?: CallOptions): Promise<ResponsesResult>;
  /** Vectors for texts. */
  embeddings(request: EmbeddingsRequest, options?: CallOptions): Promise<EmbeddingsResult>;
  /** Chat or Responses, as the answer is written. Resolves when the answer has begun; until then another target may still take over. */
  stream(request: ChatRequest | ResponsesRequest, options?: CallOptions): Promise<ChatStream>;
}

export interface CallsOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  /** Milliseconds for a call that brings no time of its own. */
  readonly timeoutMs: number;
}

export function createCalls(settings: CallsOptions): Calls {
  const { clock } = settings;
  const whole = async (dialect: Dialect, request: object, options: CallOptions | undefined) => {
    const question = { dialect, body: bodyOf(request), stream: false };
    const answer = (await put(settings, question, options)) as Answer<LlmCompletion>;
    return [answer.response.body.value, metaOf(answer)] as const;
  };
  return {
    async chat(request, options) {
      const [body, meta] = await whole('openai.chat', request, options);
      return chatResult(body, codec('openai.chat').decodeAnswer(body), meta);
    },
    async responses(request, options) {
      const [body, meta] = await whole('openai.responses', request, options);
      return responsesResult(body, codec('openai.responses').decodeAnswer(body), meta);
    },
    embeddings: async (request, options) => embeddingsResult(...(await whole('openai.embeddings', request, options))),
    async stream(request, options) {
      const answer = await put(settings, streamed(request), options);
      return new ChatStream(answer as Answer<LlmStream>, () => clock.now());
    },
  };
}

function streamed(request: ChatRequest | ResponsesRequest): Omit<Question, 'headers'> {
  const dialect = 'input' in request && !('messages' in request) ? 'openai.responses' : 'openai.chat';
  // Chat tells tokens in a stream only where somebody asks for them.
  const asked = dialect === 'openai.chat' ? { stream_options: { include_usage: true } } : {};
  return { dialect, body: bodyOf(request, { ...asked, stream: true }), stream: true };
}

/** Asks, within the call's time and for as long as its caller stays. */
async function put(
  { ask, clock, timeoutMs: usualMs }: CallsOptions,
  question: Omit<Question, 'headers'>,
  { signal, timeoutMs = usualMs, headers = {} }: CallOptions = {},
): Promise<Answer> {
  if (!(timeoutMs > 0)) throw invalid('timeoutMs', `must be a number of milliseconds above 0, got ${timeoutMs}`);
  const scope = openRequest({ clock, timeoutMs, ...(signal && { signal }) });
  try {
    const answer = await ask({ ...question, headers }, scope.context);
    onSettled(answer.response, () => scope.close());
    const { context } = scope;
    if (!context.signal.aborted) return answer;
    await discard(answer.response);
    throw abortReason(context.signal);
  } catch (thrown) {
    scope.close();
    throw toPipelineError(thrown);
  }
}

/** A copy as JSON has it: what the caller does to its objects later changes no further attempt. */
function bodyOf(request: object, added?: { readonly stream: true; readonly stream_options?: object }): JsonBody {
  if ('stream' in request) throw invalid('stream', 'is not for the request to say: call stream() instead');
  let text: string;
  try {
    text = JSON.stringify({ ...added, ...request });
  } catch (cause) {
    throw new PipelineError('invalid_request', 'the request cannot be written as JSON', {
      code: 'invalid_json',
      cause,
    });
  }
  return JsonBody.parse(new TextEncoder().encode(text));
}

function invalid(param: string, what: string): PipelineError {
  return new PipelineError('invalid_request', `${param} ${what}`, { code: 'invalid_field', param });
}
