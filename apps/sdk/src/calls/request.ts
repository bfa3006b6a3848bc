/** One message of a conversation, as OpenAI's chat dialect writes it. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /** A text, or parts such as `{ type: 'image_url', image_url: { url } }`. Null where an assistant only called tools. */
  readonly content?: string | readonly object[] | null;
  /** What an assistant called. */
  readonly tool_calls?: readonly object[];
  /** Which call a tool's message answers. */
  readonly tool_call_id?: string;
  readonly [member: string]: unknown;
}

/**
 * A request in OpenAI's chat dialect, which every target is asked in: translated where it speaks another. Members that are not
 * named here (`tools`, `response_format`, `temperature`) are sent as they are.
 */
export interface ChatRequest {
  /** `provider/model`; a name without a slash is OpenAI's, if OpenAI is configured. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Targets to try next, in this order, instead of those that are configured for the model. */
  readonly fallbacks?: readonly string[];
  /** Choose `chat` or `stream` instead. */
  readonly stream?: never;
  readonly [member: string]: unknown;
}

/** A request in OpenAI's Responses dialect. Nothing is kept here between calls, so each brings the whole conversation along. */
export interface ResponsesRequest {
  /** `provider/model` */
  readonly model: string;
  /** A text, or items: messages, calls of functions and their outputs. */
  readonly input: string | readonly object[];
  /** What stands before the conversation. */
  readonly instructions?: string;
  /** Targets to try next, in this order, instead of those that are configured for the model. */
  readonly fallbacks?: readonly string[];
  /** Choose `responses` or `stream` instead. */
  readonly stream?: never;
  readonly [member: string]: unknown;
}

/** What one call may bring along. */
export interface CallOptions {
  /** Ends the call and closes its connections. @default none */
  signal?: AbortSignal;
  /** Milliseconds for the whole answer, to the end of a stream. @default the client's `timeoutMs` */
  timeoutMs?: number;
  /** Headers for the pipeline, such as `x-gateway-resume`, or for the provider. Names in lower case. @default none */
  headers?: Readonly<Record<string, string>>;
}
