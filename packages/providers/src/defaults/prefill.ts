import type { Target } from '@x/core';
import { claudeModel } from '../dialects/anthropic-messages/request/models.ts';

/**
 * Whether a target goes on from an assistant message at the end of a conversation, as far as is known. Anthropic's models did until
 * Claude 4.5 and refuse it since 4.6. OpenAI's begin a new answer instead, and hosts of open models differ too much to be guessed at.
 */
export function supportsPrefill({ provider, model }: Target): boolean {
  return provider === 'anthropic' && claudeModel(model).prefill;
}
