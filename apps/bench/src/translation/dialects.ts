import type { Dialect } from '@x/core';

/** A dialect, who speaks it in the simulator, and where. */
export interface Speaker {
  readonly dialect: Dialect;
  /** Of the simulator, and a style of its. */
  readonly provider: 'openai' | 'anthropic' | 'gemini' | 'bedrock';
  /** One that takes all that is asked of it. */
  readonly model: string;
  readonly path: (stream: boolean) => string;
}

const MODEL = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

export const SPEAKERS: readonly Speaker[] = [
  { dialect: 'openai.chat', provider: 'openai', model: 'gpt-4o', path: () => '/v1/chat/completions' },
  { dialect: 'openai.responses', provider: 'openai', model: 'gpt-4o', path: () => '/v1/responses' },
  { dialect: 'anthropic.messages', provider: 'anthropic', model: 'claude-sonnet-4-5', path: () => '/v1/messages' },
  {
    dialect: 'gemini.generate',
    provider: 'gemini',
    model: 'gemini-2.5-flash',
    path: (stream) => `/v1beta/models/gemini-2.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  },
  {
    dialect: 'bedrock.converse',
    provider: 'bedrock',
    model: MODEL,
    path: (stream) => `/model/${encodeURIComponent(MODEL)}/${stream ? 'converse-stream' : 'converse'}`,
  },
];
