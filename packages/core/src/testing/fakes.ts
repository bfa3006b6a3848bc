import type { ErrorKind } from '../errors/kinds.ts';
import { PipelineError, type PipelineErrorOptions } from '../errors/pipeline-error.ts';
import { EventStream } from '../llm/event-stream.ts';
import { JsonBody, type JsonObject } from '../llm/json-body.ts';
import { createLlmRequest, type LlmRequest } from '../llm/request.ts';
import type { LlmCompletion, StreamEvent } from '../llm/response.ts';
import { NO_USAGE, type Usage } from '../llm/usage.ts';
import { parseTarget } from '../target.ts';

/** An error of `kind` with a message that says so. */
export function failure(kind: ErrorKind, options: PipelineErrorOptions = {}): PipelineError {
  return new PipelineError(kind, `scripted ${kind}`, options);
}

/** A chat request as a gateway would make it from a caller's body. */
export function chatRequest(body: JsonObject = {}): LlmRequest {
  return createLlmRequest({
    dialect: 'openai.chat',
    body: JsonBody.of({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
}

export interface FakeAnswer {
  /** @default 'openai/gpt-4o-mini' */
  target?: string;
  /** @default 'Hello' */
  text?: string;
  usage?: Usage;
}

/** A whole answer in the OpenAI chat dialect. */
export function chatCompletion({
  target = 'openai/gpt-4o-mini',
  text = 'Hello',
  usage = NO_USAGE,
}: FakeAnswer = {}): LlmCompletion {
  const parsed = parseTarget(target, 'target');
  const message = { role: 'assistant', content: text };
  return {
    stream: false,
    target: parsed,
    dialect: 'openai.chat',
    headers: {},
    usage,
    finishReason: 'stop',
    body: JsonBody.of({
      object: 'chat.completion',
      model: parsed.model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    }),
  };
}

export interface FakeStream extends FakeAnswer {
  /** Rejects with this after the text instead of ending. */
  breaksWith?: Error;
}

/** A stream with one event per word of the text; `closed` tells whether somebody closed it before its end. */
export function chatStream(fake: FakeStream = {}): EventStream & { readonly closed: boolean } {
  const { target = 'openai/gpt-4o-mini', text = 'Hello there', usage = NO_USAGE, breaksWith } = fake;
  const words = text.split(/(?<= )/);
  const batches: StreamEvent[][] = words.map((word) => [
    { frame: `data: ${JSON.stringify(word)}\n\n`, parts: [{ type: 'text', text: word }] },
  ]);
  const head = batches.shift() ?? [];
  if (!breaksWith) {
    batches.push([
      {
        frame: 'data: [DONE]\n\n',
        parts: [
          { type: 'finish', reason: 'stop' },
          { type: 'usage', usage },
        ],
      },
    ]);
  }
  const state = { closed: false };
  const stream = new EventStream({
    target: parseTarget(target, 'target'),
    dialect: 'openai.chat',
    headers: {},
    head,
    read: async () => {
      const batch = batches.shift();
      if (batch === undefined && breaksWith) throw breaksWith;
      return batch;
    },
    close: () => (state.closed = true),
  });
  return Object.defineProperty(stream, 'closed', { get: () => state.closed }) as EventStream & {
    readonly closed: boolean;
  };
}
