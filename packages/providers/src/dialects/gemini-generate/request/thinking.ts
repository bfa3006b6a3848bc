import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import { expectObject, optionalNumber, optionalString } from '../../../json/expect.ts';
import { fieldOf } from '../field.ts';
import { geminiModel } from '../models.ts';

const PATH = 'generationConfig.thinkingConfig';

/** Tokens of thought for each level, as Google's own OpenAI surface has them. */
const BUDGETS: Readonly<Record<string, number>> = { none: 0, minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576 };

/** Levels from the least to the most. */
const ORDER = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export function decodeThinking(value: JsonValue | undefined, notes: TranslationNotes): string | undefined {
  if (value === undefined || value === null) return undefined;
  const config = expectObject(value, PATH);
  const level = optionalString(fieldOf(config, 'thinkingLevel'), `${PATH}.thinkingLevel`)?.toLowerCase();
  if (level !== undefined && level !== 'thinking_level_unspecified') return level;
  const budget = optionalNumber(fieldOf(config, 'thinkingBudget'), `${PATH}.thinkingBudget`);
  // -1 leaves it to the model.
  if (budget === undefined || budget < 0) return undefined;
  const nearest = budget === 0 ? 'none' : budget <= 1_024 ? 'low' : budget <= 8_192 ? 'medium' : 'high';
  notes.adjust(`${PATH}.thinkingBudget`, nearest);
  return nearest;
}

/** The member as the model takes it; undefined where it takes none, or none was asked for. */
export function encodeThinking(
  effort: string | undefined,
  name: string,
  notes: TranslationNotes,
): JsonObject | undefined {
  if (effort === undefined) return undefined;
  const model = geminiModel(name);
  const rank = ORDER.indexOf(effort);
  if (model.thinking === 'none' || rank === -1) {
    notes.drop('reasoning_effort');
    return undefined;
  }
  if (model.thinking === 'budget') {
    return { thinkingBudget: Math.max(model.leastBudget, BUDGETS[effort] ?? (BUDGETS['high'] as number)) };
  }
  const level = model.levels.find((each) => ORDER.indexOf(each) >= rank) ?? (model.levels.at(-1) as string);
  if (level !== effort) notes.adjust('reasoning_effort', level);
  return { thinkingLevel: level };
}
