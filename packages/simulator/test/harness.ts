import { createContext, type HttpResponse } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type Simulator, type SimulatorConfig } from '../src/index.ts';

export interface Question {
  /** @default 'openai' */
  provider?: string;
  /** @default 'key-1' */
  key?: string;
  /** Joins the usual members of a request. */
  body?: Record<string, unknown>;
  signal?: AbortSignal;
}

/** A simulator in virtual time, and the means to ask it. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly simulator: Simulator;

  constructor(config: SimulatorConfig) {
    this.simulator = createSimulator(config, { clock: this.clock });
  }

  /** As sent, without waiting for time to pass. */
  send({ provider = 'openai', key = 'key-1', body = {}, signal }: Question = {}): Promise<HttpResponse> {
    const request = chatRequest(provider, key, body);
    return this.simulator.transport(request, createContext({ clock: this.clock, ...(signal ? { signal } : {}) }));
  }

  /** The whole answer; time passes as it must. */
  ask(question: Question = {}): Promise<Told> {
    return this.clock.run(async () => read(await this.send(question)));
  }
}

export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export async function read(response: HttpResponse): Promise<Told> {
  const { status, headers } = response;
  return { status, headers: headers as Record<string, string>, text: await readText(response) };
}

export async function readText(response: HttpResponse): Promise<string> {
  let text = '';
  for await (const bytes of response.body) text += Buffer.from(bytes).toString();
  return text;
}

/** A small request in the dialect that the provider's name stands for. */
export function chatRequest(provider: string, key: string, body: Record<string, unknown> = {}) {
  const anthropic = provider.startsWith('anthropic');
  const usual = {
    model: 'm',
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
    ...(anthropic ? { max_tokens: 1_000 } : {}),
  };
  return {
    method: 'POST',
    url: `http://simulator.invalid/${provider}/${pathOf(provider)}`,
    headers: (anthropic
      ? { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
      : { authorization: `Bearer ${key}`, 'content-type': 'application/json' }) as Record<string, string>,
    body: JSON.stringify({ ...usual, ...body }),
  };
}

function pathOf(provider: string): string {
  if (provider.startsWith('cohere')) return 'v2/chat';
  return provider.startsWith('anthropic') ? 'v1/messages' : 'v1/chat/completions';
}

export interface ServerEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/** The events of a stream, each with its name and its data. */
export function eventsOf(text: string): ServerEvent[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => ({
      event: /^event: (.*)$/m.exec(frame)?.[1],
      data: /^data: (.*)$/m.exec(frame)?.[1] ?? '',
    }));
}

/** Parsed JSON, loosely, for assertions. */
export interface Json {
  readonly [name: string]: Json;
}

export function parse(text: string): Json {
  return JSON.parse(text) as Json;
}

/** Pieces of a text put together; what is absent is empty. */
export function joined(pieces: readonly unknown[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
}
