import { ANTHROPIC_FAULTS } from './anthropic.ts';
import { AZURE_FAULTS, BEDROCK_FAULTS } from './clouds.ts';
import { GOOGLE_FAULTS } from './google.ts';
import {
  CEREBRAS_FAULTS,
  COHERE_FAULTS,
  DEEPSEEK_FAULTS,
  FIREWORKS_FAULTS,
  GROQ_FAULTS,
  LOCAL_FAULTS,
  MISTRAL_FAULTS,
  NVIDIA_FAULTS,
  OPENROUTER_FAULTS,
  PERPLEXITY_FAULTS,
  TOGETHER_FAULTS,
  XAI_FAULTS,
} from './hosts.ts';
import { OPENAI_FAULTS } from './openai.ts';

/** What providers say in their own words, each by its name. */
export const PROVIDER_FAULTS = [
  ...OPENAI_FAULTS,
  ...ANTHROPIC_FAULTS,
  ...GOOGLE_FAULTS,
  ...AZURE_FAULTS,
  ...BEDROCK_FAULTS,
  ...GROQ_FAULTS,
  ...MISTRAL_FAULTS,
  ...COHERE_FAULTS,
  ...XAI_FAULTS,
  ...TOGETHER_FAULTS,
  ...FIREWORKS_FAULTS,
  ...DEEPSEEK_FAULTS,
  ...OPENROUTER_FAULTS,
  ...CEREBRAS_FAULTS,
  ...PERPLEXITY_FAULTS,
  ...NVIDIA_FAULTS,
  ...LOCAL_FAULTS,
] as const;
