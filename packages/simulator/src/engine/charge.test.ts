import { describe, expect, test } from 'vitest';
import { chargeAtAdmission, chargeAtSettlement, type ChargeStyle } from './charge.ts';

const size = { inputTokens: 100, maxTokens: 500, modelMaxTokens: 4_096 };
const unset = { ...size, maxTokens: undefined };

/** Charged at the start with and without max_tokens, and taken or given back at the end of 30 tokens of output. */
const rows: readonly [ChargeStyle, number, number, number][] = [
  ['openai', 500, 100, 0],
  ['azure', 600, 100, 0],
  ['groq', 600, 100, 0],
  ['anthropic', 100, 100, 30],
  ['bedrock', 600, 4_196, -350],
  ['gemini', 100, 100, 0],
  ['none', 0, 0, 0],
];

describe.each(rows)('%s', (style, charged, chargedUnset, settled) => {
  test('charges tokens at admission', () => {
    expect(chargeAtAdmission(style, size).tokens).toBe(charged);
    expect(chargeAtAdmission(style, unset).tokens).toBe(chargedUnset);
  });

  test('settles', () => {
    expect(chargeAtSettlement(style, size, { outputTokens: 30, burndown: 5 }).tokens).toBe(settled);
  });
});

test('output is charged when it has been produced, input when it arrives', () => {
  expect(chargeAtAdmission('anthropic', size)).toMatchObject({ requests: 1, inputTokens: 100, outputTokens: 0 });
  expect(chargeAtSettlement('anthropic', size, { outputTokens: 30, burndown: 1 })).toMatchObject({
    requests: 0,
    inputTokens: 0,
    outputTokens: 30,
  });
});
