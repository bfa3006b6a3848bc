import {
  createContext,
  createLlmRequest,
  CREDENTIAL,
  JsonBody,
  type Context,
  type ContextOptions,
  type JsonObject,
  type LlmCompletion,
  type LlmRequest,
  type LlmResponse,
  type LlmStream,
  type StreamEvent,
} from '@x/core';
import { VirtualClock } from '@x/core/testing';

export const KEY = 'sk-test-0123456789abcdef';
export const NOW = Date.UTC(2026, 10, 22, 12);

/** A context as a key pool hands it on. */
export function keyed(options: ContextOptions = {}): Context {
  const clock = new VirtualClock({ start: NOW });
  return createContext({ id: 'req-1', clock, ...options }, CREDENTIAL.of({ name: 'key-1', value: KEY }));
}

/** A request as a gateway makes it from a caller's bytes. */
export function request(body: JsonObject | string, dialect: LlmRequest['dialect'] = 'openai.chat'): LlmRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return createLlmRequest({ dialect, body: JsonBody.parse(new TextEncoder().encode(text)) });
}

export const CHAT = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };
export const MESSAGES = { model: 'anthropic/claude-3-5-sonnet-20241022', max_tokens: 64, messages: CHAT.messages };

export function complete(response: LlmResponse): LlmCompletion {
  if (response.stream) throw new Error('a stream, though a whole answer was asked for');
  return response;
}

export function streamed(response: LlmResponse): LlmStream {
  if (!response.stream) throw new Error('a whole answer, though a stream was asked for');
  return response;
}

/** Everything that a caller would have received. */
export async function read(stream: LlmStream): Promise<{ text: string; events: StreamEvent[] }> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return { text: events.map((event) => event.frame).join(''), events };
}

/** The words of an answer. */
export function words(events: readonly StreamEvent[]): string {
  return events.flatMap((event) => event.parts.map((part) => (part.type === 'text' ? part.text : ''))).join('');
}
