import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitProfile, type LIMIT_PROFILES } from './profiles.ts';
import { readLimit } from './read-limit.ts';

const NOW = Date.UTC(2026, 0, 1);

/** What a provider's table makes of an answer. */
function read(provider: keyof typeof LIMIT_PROFILES, headers: Record<string, string>) {
  return limitProfile(provider)
    .headers.map((row) => readLimit(row, headers, NOW))
    .filter((reading) => reading !== undefined);
}

const triple = (unit: string, [limit, remaining, reset]: [string, string, string]) => ({
  [`x-ratelimit-limit-${unit}`]: limit,
  [`x-ratelimit-remaining-${unit}`]: remaining,
  [`x-ratelimit-reset-${unit}`]: reset,
});

describe('each provider in its own units', () => {
  it('OpenAI: Go durations', () => {
    const headers = {
      ...triple('requests', ['5000', '4999', '12ms']),
      ...triple('tokens', ['160000', '159975', '6m0s']),
    };
    expect(read('openai', headers)).toEqual([
      { limit: 5_000, remaining: 4_999, windowMs: 60_000, resetMs: 12, isOdd: false },
      { limit: 160_000, remaining: 159_975, windowMs: 60_000, resetMs: 60_000, isOdd: false },
    ]);
  });

  it('OpenAI on a low tier: a reset far beyond a minute makes it a day', () => {
    expect(read('openai', triple('requests', ['200', '199', '7m12s']))).toMatchObject([
      { windowMs: 86_400_000, resetMs: 432_000, isOdd: false },
    ]);
  });

  it('Azure: whole seconds under the same names', () => {
    expect(read('azure', triple('tokens', ['1000', '900', '10']))).toMatchObject([{ resetMs: 10_000, isOdd: false }]);
  });

  it('Groq: requests of a day, tokens of a minute', () => {
    const headers = {
      ...triple('requests', ['14400', '14370', '2m59.56s']),
      ...triple('tokens', ['18000', '17997', '7.66s']),
    };
    expect(read('groq', headers)).toMatchObject([
      { windowMs: 86_400_000, resetMs: 179_560, isOdd: false },
      { windowMs: 60_000, resetMs: 7_660, isOdd: false },
    ]);
  });

  it('Anthropic: RFC 3339', () => {
    const headers = {
      'anthropic-ratelimit-input-tokens-limit': '80000',
      'anthropic-ratelimit-input-tokens-remaining': '79000',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:07Z',
    };
    expect(read('anthropic', headers)).toEqual([
      { limit: 80_000, remaining: 79_000, windowMs: 60_000, resetMs: 7_000, isOdd: false },
    ]);
  });

  it('Cerebras: decimal seconds', () => {
    expect(read('cerebras', triple('requests-day', ['14400', '1', '33011.382867']))).toMatchObject([
      { resetMs: 33_011_382.867, isOdd: false },
    ]);
  });

  it('OpenRouter: epoch milliseconds', () => {
    const headers = {
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '19',
      'x-ratelimit-reset': String(NOW + 30_000),
    };
    expect(read('openrouter', headers)).toMatchObject([{ limit: 20, windowMs: 60_000, resetMs: 30_000, isOdd: false }]);
  });

  it('Mistral and Together: what they tell, without a reset where they tell none', () => {
    expect(
      read('mistral', { 'x-ratelimit-remaining-tokens-minute': '7', 'x-ratelimit-limit-tokens-minute': '9' }),
    ).toMatchObject([{ limit: 9, remaining: 7, resetMs: undefined, isOdd: false }]);
    expect(read('together', { 'x-tokenlimit-remaining': '7' })).toMatchObject([{ limit: undefined, windowMs: 1_000 }]);
  });

  it('those that tell nothing', () => {
    for (const name of ['gemini', 'vertex', 'bedrock', 'xai', 'deepseek'] as const)
      expect(read(name, triple('requests', ['1', '1', '1s']))).toEqual([]);
  });
});

describe('garbage', () => {
  it.each([
    ['NaN', '5', '1s'],
    ['0', '0', '1s'],
    ['-5', '5', '1s'],
    ['10', '-1', '1s'],
    ['10', 'many', '1s'],
    ['1e9', '5', '1s'],
    ['', '', ''],
  ])('limit %j, remaining %j, reset %j is ignored', (...values) => {
    expect(read('openai', triple('tokens', values))).toEqual(['garbage']);
  });

  it('a reset in the year 9999 counts no more than a window', () => {
    const headers = {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '9999-12-31T23:59:59Z',
    };
    expect(read('anthropic', headers)).toMatchObject([{ resetMs: 60_000, isOdd: true }]);
  });

  it('whatever stands there, a reading is finite, not negative, and remains within its limit', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d.:hmsTZ+-]*$/), fc.double().map(String));
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom('openai', 'azure', 'groq', 'cerebras'),
        (limit, remaining, reset, provider) => {
          for (const unit of ['requests', 'tokens', 'requests-day']) {
            for (const reading of read(provider as 'openai', triple(unit, [limit, remaining, reset]))) {
              if (reading === 'garbage') continue;
              expect(reading.remaining).toBeGreaterThanOrEqual(0);
              expect(reading.remaining).toBeLessThanOrEqual(reading.limit ?? Infinity);
              expect(reading.resetMs ?? 0).toBeGreaterThanOrEqual(0);
              expect(reading.resetMs ?? 0).toBeLessThanOrEqual(86_400_000);
            }
          }
        },
      ),
    );
  });
});
