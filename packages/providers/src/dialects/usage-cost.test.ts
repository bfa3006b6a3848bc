import { costOf, totalInput, totalOutput, type JsonObject, type TokenRates, type Usage } from '@x/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUsage as anthropic, encodeUsage as anthropicOut } from './anthropic-messages/answer/usage.ts';
import { decodeUsage as bedrock, encodeUsage as bedrockOut } from './bedrock-converse/answer/usage.ts';
import { decodeUsage as gemini, encodeUsage as geminiOut } from './gemini-generate/answer/usage.ts';
import { decodeUsage as openai, encodeUsage as openaiOut } from './openai-chat/answer/usage.ts';
import { decodeUsage as responses, encodeUsage as responsesOut } from './openai-responses/answer/usage.ts';

// What an answer costs, once by each provider's own arithmetic over what it wrote on the wire, and once by our classes.

const count = fc.nat(1_000_000);
const rate = fc.nat(100_000);
const rates: fc.Arbitrary<TokenRates> = fc.record({
  inputTokens: rate,
  cacheReadTokens: rate,
  cacheWriteTokens: rate,
  longCacheWriteTokens: fc.option(rate, { nil: undefined }),
  outputTokens: rate,
  reasoningTokens: rate,
});

interface Wire {
  readonly usage: JsonObject;
  readonly bill: (at: TokenRates) => number;
}

interface Counts {
  readonly fresh: number;
  readonly read: number;
  readonly written: number;
  /** For an hour. */
  readonly kept?: number;
  readonly said: number;
  readonly thought: number;
}

const byClass =
  ({ fresh, read, written, kept = 0, said, thought }: Counts) =>
  (at: TokenRates) =>
    fresh * at.inputTokens +
    read * at.cacheReadTokens +
    written * at.cacheWriteTokens +
    kept * (at.longCacheWriteTokens ?? at.cacheWriteTokens) +
    said * at.outputTokens +
    thought * at.reasoningTokens;

function agrees(name: string, decode: (usage: JsonObject) => Usage | undefined, wire: fc.Arbitrary<Wire>) {
  test(name, () => {
    fc.assert(
      fc.property(wire, rates, ({ usage, bill }, at) => {
        const decoded = decode(usage);
        expect(decoded && costOf(at, decoded)).toBe(bill(at));
      }),
    );
  });
}

describe('no token is priced twice, and none is left out', () => {
  agrees(
    'OpenAI: the prompt holds what was cached, the completion what was thought',
    openai,
    fc.tuple(count, count, count, count, count).map(([fresh, read, written, said, thought]) => ({
      usage: {
        prompt_tokens: fresh + read + written,
        completion_tokens: said + thought,
        total_tokens: fresh + read + written + said + thought,
        prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
        completion_tokens_details: { reasoning_tokens: thought },
      },
      bill: byClass({ fresh, read, written, said, thought }),
    })),
  );

  agrees(
    'OpenAI, Responses: the input holds what was cached, the output what was thought',
    responses,
    fc.tuple(count, count, count, count, count).map(([fresh, read, written, said, thought]) => ({
      usage: {
        input_tokens: fresh + read + written,
        input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
        output_tokens: said + thought,
        output_tokens_details: { reasoning_tokens: thought },
      },
      bill: byClass({ fresh, read, written, said, thought }),
    })),
  );

  agrees(
    'DeepSeek: hits and misses make up the prompt',
    openai,
    fc.tuple(count, count, count).map(([hit, miss, said]) => ({
      usage: {
        prompt_tokens: hit + miss,
        prompt_cache_hit_tokens: hit,
        prompt_cache_miss_tokens: miss,
        completion_tokens: said,
      },
      bill: (at) => hit * at.cacheReadTokens + miss * at.inputTokens + said * at.outputTokens,
    })),
  );

  agrees(
    'xAI: thoughts stand beside the completion',
    openai,
    fc.tuple(count, count, fc.integer({ min: 1, max: 1_000_000 })).map(([asked, said, thought]) => ({
      usage: {
        prompt_tokens: asked,
        completion_tokens: said,
        total_tokens: asked + said + thought,
        completion_tokens_details: { reasoning_tokens: thought },
      },
      bill: (at) => asked * at.inputTokens + said * at.outputTokens + thought * at.reasoningTokens,
    })),
  );

  agrees(
    'Anthropic: what was cached stands beside the input, what was thought is in the output',
    anthropic,
    fc.tuple(count, count, count, count, count, count).map(([fresh, read, written, kept, said, thought]) => ({
      usage: {
        input_tokens: fresh,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: written + kept,
        // The same tokens once more, by how long they are kept.
        cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: kept },
        output_tokens: said + thought,
        output_tokens_details: { thinking_tokens: thought },
      },
      bill: byClass({ fresh, read, written, kept, said, thought }),
    })),
  );

  agrees(
    'Gemini: the prompt holds what was cached, thoughts and what tools brought in stand beside',
    gemini,
    fc.tuple(count, count, count, count, count).map(([fresh, read, tools, said, thought]) => ({
      usage: {
        promptTokenCount: fresh + read,
        cachedContentTokenCount: read,
        toolUsePromptTokenCount: tools,
        candidatesTokenCount: said,
        thoughtsTokenCount: thought,
        totalTokenCount: fresh + read + tools + said + thought,
      },
      bill: (at) =>
        (fresh + tools) * at.inputTokens +
        read * at.cacheReadTokens +
        said * at.outputTokens +
        thought * at.reasoningTokens,
    })),
  );

  agrees(
    'Bedrock: what was cached stands beside the input',
    bedrock,
    fc.tuple(count, count, count, count, count).map(([fresh, read, written, kept, said]) => ({
      usage: {
        inputTokens: fresh,
        cacheReadInputTokens: read,
        cacheWriteInputTokens: written + kept,
        cacheDetails: [
          { ttl: '5m', inputTokens: written },
          { ttl: '1h', inputTokens: kept },
        ],
        outputTokens: said,
        totalTokens: fresh + read + written + kept + said,
      },
      bill: byClass({ fresh, read, written, kept, said, thought: 0 }),
    })),
  );
});

describe('what a caller reads in its own dialect adds up to the same tokens', () => {
  const usages: fc.Arbitrary<Usage> = fc.record({
    inputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    outputTokens: count,
    reasoningTokens: count,
  });
  const pairs = {
    openai: [openai, openaiOut],
    anthropic: [anthropic, anthropicOut],
    gemini: [gemini, geminiOut],
  } as const;

  test.each(
    Object.entries({ ...pairs, bedrock: [bedrock, bedrockOut], responses: [responses, responsesOut] } as const),
  )('%s', (_, [decode, encode]) => {
    fc.assert(
      fc.property(usages, (usage) => {
        const again = decode(encode(usage)) as Usage;
        expect([totalInput(again), totalOutput(again)]).toEqual([totalInput(usage), totalOutput(usage)]);
      }),
    );
  });

  test.each([
    [anthropic, anthropicOut],
    [bedrock, bedrockOut],
  ])('what is kept for an hour stays told apart', (decode, encode) => {
    const usage = { inputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 7, outputTokens: 4, reasoningTokens: 0 };
    expect(decode(encode({ ...usage, longCacheWriteTokens: 3 }))).toEqual({ ...usage, longCacheWriteTokens: 3 });
    expect(decode(encode(usage))).toEqual(usage);
  });
});
