import {
  abortReason,
  discard,
  JsonBody,
  onSettled,
  openRequest,
  PipelineError,
  toPipelineError,
  type Clock,
  type LlmCompletion,
  type LlmStream,
} from '@x/core';
import { codec } from '@x/providers';
import type { Answer, Ask, Question } from './ask.ts';
import { ChatStream } from './chat-stream.ts';
import type { CallOptions, ChatRequest } from './request.ts';
import { chatResult, metaOf, type ChatResult } from './result.ts';

/** What both kinds of client can be asked. All of it rejects with a `PipelineError`. */
export interface Calls {
  /** A whole answer. */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResult>;
  /** Resolves when the answer has begun; until then another target may still take over. */
  stream(request: ChatRequest, options?: CallOptions): Promise<ChatStream>;
}

export interface CallsOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  /** Milliseconds for a call that brings no time of its own. */
  readonly timeoutMs: number;
}

export function createCalls(settings: CallsOptions): Calls {
  const { clock } = settings;
  return {
    async chat(request, options) {
      const question = { dialect: 'openai.chat', body: bodyOf(request, false), stream: false } as const;
      const answer = (await put(settings, question, options)) as Answer<LlmCompletion>;
      const { value } = answer.response.body;
      return chatResult(value, codec('openai.chat').decodeAnswer(value), metaOf(answer));
    },
    async stream(request, options) {
      const question = { dialect: 'openai.chat', body: bodyOf(request, true), stream: true } as const;
      const answer = (await put(settings, question, options)) as Answer<LlmStream>;
      return new ChatStream(answer, () => clock.now());
    },
  };
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
function bodyOf(request: ChatRequest, stream: boolean): JsonBody {
  if ('stream' in request) throw invalid('stream', 'is not for the request to say: call stream() or chat()');
  let text: string;
  try {
    // Tokens are told in a stream only where somebody asks for them.
    text = JSON.stringify(stream ? { stream_options: { include_usage: true }, ...request, stream } : request);
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
