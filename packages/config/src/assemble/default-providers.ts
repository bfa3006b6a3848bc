import type { Dialect } from '@x/core';
import type { Config } from '../config.ts';

/** Whose models a name without a provider means, by the dialect that the caller speaks. */
export type DefaultProviders = Partial<Readonly<Record<Dialect, string>>>;

/** Each dialect is one vendor's own, and its clients name that vendor's models bare. */
const VENDORS = {
  'openai.chat': 'openai',
  'openai.embeddings': 'openai',
  'openai.rest': 'openai',
  'openai.responses': 'openai',
  'anthropic.messages': 'anthropic',
  'anthropic.count_tokens': 'anthropic',
  'gemini.generate': 'gemini',
  'gemini.embed': 'gemini',
  'gemini.batch_embed': 'gemini',
  'gemini.count_tokens': 'gemini',
  'bedrock.converse': 'bedrock',
} as const satisfies DefaultProviders;

/** The vendors among them that are configured. */
export function defaultProviders({ providers }: Config): DefaultProviders {
  return Object.fromEntries(Object.entries(VENDORS).filter(([, name]) => Object.hasOwn(providers, name)));
}
