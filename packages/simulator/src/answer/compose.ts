import type { Sampler } from '../engine/distribution.ts';
import { randomHex } from '../engine/random.ts';
import type { Answer, Ask, AskedTool, ToolCall } from './ask.ts';
import type { Corpus } from './corpus.ts';
import { charsOf, tokensOf } from './tokens.ts';
import { sampleValue } from './tool-arguments.ts';

export interface AnswerRules {
  readonly corpus: Corpus;
  readonly outputTokens: Sampler;
  readonly maxOutputTokens: number;
  readonly toolCallProbability: number;
  readonly parallelToolCalls: number;
}

/** The answer to a request, drawn with `random` alone: the same numbers give the same answer. */
export function composeAnswer(ask: Ask, rules: AnswerRules, random: () => number): Answer {
  const inputTokens = Math.max(1, tokensOf(ask.inputChars));
  if (ask.task !== undefined) return { text: '', toolCalls: [], finish: 'stop', inputTokens, outputTokens: 0 };
  const tools = toolsToCall(ask, rules, random);
  if (tools.length > 0) {
    const toolCalls = tools.map((tool) => callOf(tool, random));
    const chars = toolCalls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);
    return { text: '', toolCalls, finish: 'tool_calls', inputTokens, outputTokens: Math.max(1, tokensOf(chars)) };
  }
  const wanted = Math.max(1, Math.round(rules.outputTokens(random)));
  const limit = Math.min(ask.maxTokens ?? Infinity, rules.maxOutputTokens);
  const cutShort = wanted > limit;
  const text = cutShort ? rules.corpus.cut(charsOf(limit), random) : rules.corpus.sentence(charsOf(wanted) - 1, random);
  const finish = cutShort ? 'length' : 'stop';
  return { text, toolCalls: [], finish, inputTokens, outputTokens: tokensOf(text.length) };
}

function toolsToCall(ask: Ask, rules: AnswerRules, random: () => number): readonly AskedTool[] {
  const { tools, toolChoice } = ask;
  if (tools.length === 0 || toolChoice === 'none') return [];
  if (toolChoice === 'auto' && random() >= rules.toolCallProbability) return [];
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name).slice(0, 1);
  const count = ask.parallelTools ? rules.parallelToolCalls : 1;
  return Array.from({ length: count }, (_, index) => tools[index % tools.length] as AskedTool);
}

function callOf(tool: AskedTool, random: () => number): ToolCall {
  return {
    id: randomHex(random, 24),
    name: tool.name,
    arguments: JSON.stringify(sampleValue(tool.schema, random)),
  };
}
