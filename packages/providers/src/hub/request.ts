import type { JsonObject } from '@x/core';

/**
 * A chat request in no dialect. Every translation goes through it: one decoder and one encoder per dialect, never a pair.
 * It holds what the dialects share; a decoder rejects or notes whatever has no place here.
 */
export interface ChatRequest {
  /** Instructions that stand before the conversation. */
  readonly system: readonly TextPart[];
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ChatTool[];
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean | undefined;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly topK: number | undefined;
  readonly stop: readonly string[];
  /** For an answer that can be had again, about. */
  readonly seed?: number | undefined;
  /** Against words that came before at all, or often: from -2 to 2, where 0 asks for nothing. */
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly responseFormat: ResponseFormat | undefined;
  /** How hard to think: `low`, `medium`, `high`, or another word of the caller's dialect. */
  readonly effort: string | undefined;
  /** Who the end user is, as an opaque id. */
  readonly user: string | undefined;
  readonly stream: boolean;
}

export type ChatMessage =
  | { readonly role: 'system'; readonly content: readonly TextPart[] }
  | { readonly role: 'user'; readonly content: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[] }
  | ToolResult;

/** The answer to one tool call. Several in a row answer parallel calls. */
export interface ToolResult {
  readonly role: 'tool';
  readonly id: string;
  readonly content: readonly UserPart[];
  readonly isError: boolean;
  readonly cache?: CacheHint | undefined;
}

export type UserPart = TextPart | ImagePart | FilePart;
export type AssistantPart = TextPart | RefusalPart | ReasoningPart | RedactedReasoningPart | ToolCallPart;

/** A `cache_control` as it was sent: the prompt up to here is worth keeping. */
export type CacheHint = JsonObject;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly cache?: CacheHint | undefined;
}

export interface ImagePart {
  readonly type: 'image';
  readonly source: ImageSource;
  readonly cache?: CacheHint | undefined;
}

export type ImageSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string };

export interface FilePart {
  readonly type: 'file';
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
  readonly name?: string | undefined;
  readonly cache?: CacheHint | undefined;
}

export interface RefusalPart {
  readonly type: 'refusal';
  readonly text: string;
}

/** Thoughts. Without its signature a provider that signs them does not take them back. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  readonly signature?: string | undefined;
}

export interface RedactedReasoningPart {
  readonly type: 'redacted-reasoning';
  readonly data: string;
}

export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** The arguments as a JSON text, as the model wrote it. */
  readonly json: string;
  /** What a provider that signs its calls (Gemini) wants back with them. Means nothing to the others. */
  readonly signature?: string | undefined;
  readonly cache?: CacheHint | undefined;
}

export interface ChatTool {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON schema. */
  readonly parameters: JsonObject;
  readonly strict?: boolean | undefined;
  readonly cache?: CacheHint | undefined;
}

export type ToolChoice = 'auto' | 'required' | 'none' | { readonly name: string };

export type ResponseFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string | undefined;
      readonly strict?: boolean | undefined;
    };
