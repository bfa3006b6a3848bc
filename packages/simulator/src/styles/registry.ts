import { ANTHROPIC } from './anthropic.ts';
import { AZURE } from './azure.ts';
import { BEDROCK } from './bedrock.ts';
import { COHERE } from './cohere.ts';
import { DEEPSEEK } from './deepseek.ts';
import { GEMINI } from './gemini.ts';
import { GROQ } from './groq.ts';
import { OPENAI } from './openai.ts';
import type { ProviderStyle } from './style.ts';

export const STYLES = {
  openai: OPENAI,
  azure: AZURE,
  anthropic: ANTHROPIC,
  bedrock: BEDROCK,
  gemini: GEMINI,
  groq: GROQ,
  deepseek: DEEPSEEK,
  cohere: COHERE,
} as const satisfies Record<string, ProviderStyle>;

export type StyleName = keyof typeof STYLES;
export const STYLE_NAMES = Object.keys(STYLES) as [StyleName, ...StyleName[]];

export function isStyleName(name: string): name is StyleName {
  return Object.hasOwn(STYLES, name);
}
