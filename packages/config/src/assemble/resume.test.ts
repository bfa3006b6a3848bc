import { getEventListeners } from 'node:events';
import {
  addUsage,
  createContext,
  JsonBody,
  pipeline,
  PipelineError,
  createLlmRequest,
  toPipelineError,
  Trail,
  TRAIL,
  type Dialect,
} from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { fallback, route } from '@x/fallback';
import { keypool } from '@x/keypool';
import { codec } from '@x/providers';
import { hold, resume, timeLimits } from '@x/streams';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConfigInput } from '../schema/config-schema.ts';
import { configFromObject } from '../parse-config.ts';
import { assemble } from './assemble.ts';
import { cutWorld, type World, type WorldCall } from './testing/cut-world.ts';
import { readStream } from './testing/one-answer.ts';

const CONFIG: ConfigInput = {
  openai: { keys: [{ value: 'sk-1' }] },
  anthropic: { keys: [{ value: 'sk-2' }] },
  gemini: { keys: [{ value: 'sk-3' }] },
};

/** A request as each dialect has it. */
const ASKING: Readonly<Partial<Record<Dialect, object>>> = {
  'openai.responses': { stream: true, max_output_tokens: 4_000, input: 'Say it' },
  'gemini.generate': {
    contents: [{ role: 'user', parts: [{ text: 'Say it' }] }],
    generationConfig: { maxOutputTokens: 4_000 },
  },
  'bedrock.converse': {
    messages: [{ role: 'user', content: [{ text: 'Say it' }] }],
    inferenceConfig: { maxTokens: 4_000 },
  },
};
const asking = { stream: true, max_tokens: 4_000, messages: [{ role: 'user', content: 'Say it' }] };

interface Run {
  readonly world: World;
  readonly dialect: Dialect;
  readonly targets: readonly string[];
  readonly config?: ConfigInput;
  readonly extra?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** What the caller reads off the wire, as the gateway would write it. */
async function run({ world, dialect, targets, config = {}, extra = {}, headers = {} }: Run) {
  const parts = assemble(configFromObject({ ...CONFIG, ...config }, {}), { transport: world });
  const handler = pipeline(
    [
      route(parts.route),
      resume(parts.resume),
      fallback(parts.fallback),
      hold(parts.hold),
      keypool(parts.keypool),
      timeLimits(parts.timeLimits),
    ],
    parts.provider,
  );
  const [model, ...fallbacks] = targets;
  const body = JsonBody.parse(
    new TextEncoder().encode(
      JSON.stringify({
        ...(dialect === 'openai.responses' ? { model } : {}),
        ...(ASKING[dialect] ?? { model, ...asking }),
        fallbacks,
        ...extra,
      }),
    ),
  );
  const controller = new AbortController();
  const clock = new VirtualClock();
  const trail = new Trail();
  const context = createContext({ clock, signal: controller.signal, id: 'own-id' }, TRAIL.of(trail));
  let wire = '';
  let settlements = 0;
  const usage = await clock.run(async () => {
    const answer = await handler(
      createLlmRequest({ dialect, body, headers, model: String(model), stream: true }),
      context,
    );
    if (!answer.stream) throw new Error('no stream');
    answer.onSettled(() => (settlements += 1));
    try {
      for await (const { frame } of answer) wire += frame;
    } catch (thrown) {
      wire += codec(dialect).encodeStreamError(toPipelineError(thrown), wire);
    }
    return answer.usage;
  });
  await clock.advance(0);
  expect(settlements).toBe(1);
  expect(world.open).toBe(0);
  expect(clock.pending).toBe(0);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  return { ...readStream(dialect, wire), wire, trail, outerUsage: usage };
}

/** The same, with a failure before the commit as an outcome like any other. */
async function outcome(asked: Run): Promise<{ text: string; ended: boolean; failed: boolean; rejected: boolean }> {
  try {
    return { ...(await run(asked)), rejected: false };
  } catch (thrown) {
    if (!PipelineError.isInstance(thrown)) throw thrown;
    return { text: '', ended: false, failed: true, rejected: true };
  }
}

const TEXT = 'The quick brown fox jumps over the lazy dog.  Then, 日本語 and 👍 follow;\n\nand so it ends.';
const CONTINUING = 'anthropic/claude-3-5-sonnet-20241022';
const DIALECTS = [
  'openai.chat',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
  'bedrock.converse',
] as const;

const GEMINI = 'gemini/gemini-2.5-flash';
const target = fc.constantFrom('openai/gpt-4o', 'openai/o3-pro', 'anthropic/claude-sonnet-4-6', GEMINI, CONTINUING);
const call: fc.Arbitrary<WorldCall> = fc.record({
  cutAt: fc.option(fc.integer({ min: 1, max: 6_000 }), { nil: undefined }),
  how: fc.constantFrom('reset', 'end'),
});

test('a stream that is cut anywhere, as often as it likes, is whole or an error, and one valid stream in any case', async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        dialect: fc.constantFrom(...DIALECTS),
        targets: fc.uniqueArray(target, { minLength: 1, maxLength: 3 }),
        calls: fc.array(call, { minLength: 1, maxLength: 4 }),
        pieceChars: fc.integer({ min: 1, max: 40 }),
        refusesPrefill: fc.boolean(),
        includeUsage: fc.boolean(),
      }),
      async ({ dialect, targets, calls, pieceChars, refusesPrefill, includeUsage }) => {
        const world = cutWorld({ text: TEXT, pieceChars, calls: [...calls, {}], refusesPrefill });
        const extra = dialect === 'openai.chat' && includeUsage ? { stream_options: { include_usage: true } } : {};
        const read = await outcome({ world, dialect, targets, extra });
        // The whole text with an end, a beginning of it with an error, or a failure before anyone has seen anything.
        expect(read.rejected || read.ended !== read.failed).toBe(true);
        expect(read.ended ? read.text === TEXT : TEXT.startsWith(read.text)).toBe(true);
        if (read.ended) whole += 1;
      },
    ),
    { numRuns: 400 },
  );
  expect(whole).toBeGreaterThan(200);
});

for (const dialect of DIALECTS) {
  for (const targets of [
    ['openai/gpt-4o', CONTINUING],
    [CONTINUING],
    ['openai/gpt-4o', 'anthropic/claude-sonnet-4-6'],
    ['openai/gpt-4o'],
    [GEMINI, CONTINUING],
  ]) {
    test(`${dialect}, ${targets.join(' -> ')}: cut after every 37th byte, the answer is whole`, async () => {
      // Responses say more around each piece.
      const length = dialect === 'openai.responses' ? 6_000 : 3_600;
      for (let cutAt = 400; cutAt < length; cutAt += 37) {
        const world = cutWorld({ text: TEXT, pieceChars: 5, calls: [{ cutAt, how: 'reset' }, {}] });
        const read = await outcome({ world, dialect, targets });
        // Cut before the first content it is an ordinary failure, which a chain absorbs unless it ends there.
        const whole = read.rejected ? targets.length === 1 : read.ended && read.text === TEXT;
        expect([cutAt, whole]).toEqual([cutAt, true]);
      }
    });
  }
}

const LATE = { cutAt: 1_200, how: 'reset' } as const;
const world = (calls: readonly WorldCall[], refusesPrefill = false) =>
  cutWorld({ text: TEXT, pieceChars: 5, calls, refusesPrefill });

test('a target that goes on is asked to: with the text so far, without the space at its end', async () => {
  const asked = world([LATE, {}]);
  const read = await run({ world: asked, dialect: 'openai.chat', targets: ['openai/gpt-4o', CONTINUING] });
  expect(read.text).toBe(TEXT);
  const messages = asked.requests[1]?.body['messages'] as { role: string; content: string }[];
  expect(asked.requests[1]?.url).toContain('/messages');
  expect(messages.at(-1)?.role).toBe('assistant');
  expect(TEXT.startsWith(messages.at(-1)?.content ?? '?')).toBe(true);
  expect(messages.at(-1)?.content).toBe(messages.at(-1)?.content.trimEnd());
  expect(read.trail.contributors.map(({ provider }) => provider)).toEqual(['openai', 'anthropic']);
  expect(read.trail.shares?.map((share) => share.target.provider)).toEqual(['openai', 'anthropic']);
  expect(read.trail.shares?.map((share) => share.usage).reduce(addUsage)).toEqual(read.outerUsage);
  expect(read.wire).toContain(
    '"extra_fields":{"contributors":["openai/gpt-4o","anthropic/claude-3-5-sonnet-20241022"]}',
  );
});

test('a target that refuses a prefill is remembered, and the refusal never reaches the caller', async () => {
  const asked = world([LATE, {}], true);
  const read = await run({ world: asked, dialect: 'anthropic.messages', targets: ['openai/gpt-4o', CONTINUING] });
  expect([read.text, read.ended]).toEqual([TEXT, true]);
  expect(asked.requests).toHaveLength(3);
});

test('a replay that says something else is dropped, and the next one asked', async () => {
  const targets = ['openai/gpt-4o', 'openai/gpt-4.1', 'anthropic/claude-sonnet-4-6'];
  const asked = world([LATE, { text: 'The quick brown cat sleeps.' }, {}]);
  const read = await run({ world: asked, dialect: 'openai.chat', targets });
  expect([read.text, asked.requests.length]).toEqual([TEXT, 3]);
  expect(read.trail.contributors.map(({ model }) => model)).toEqual(['gpt-4o', 'claude-sonnet-4-6']);
});

test('when all replays differ, the stream fails with the break, and says why nobody went on', async () => {
  const asked = world([LATE, { text: 'Something else' }]);
  const read = await run({ world: asked, dialect: 'openai.chat', targets: ['openai/gpt-4o', 'openai/gpt-4.1'] });
  expect([read.failed, read.ended, asked.requests.length]).toEqual([true, false, 3]);
  expect(TEXT.startsWith(read.text)).toBe(true);
  expect(read.wire).toMatch(/not resumed: what openai\/gpt-4o says differs/);
});

test('no more rescues than allowed', async () => {
  const asked = world([LATE, { cutAt: 1_400, how: 'reset' }]);
  const targets = ['openai/gpt-4o', 'openai/gpt-4.1'];
  const read = await run({ world: asked, dialect: 'openai.chat', targets, config: { streams: { maxRescues: 3 } } });
  expect([read.failed, asked.requests.length]).toEqual([true, 4]);
});

test('usage is the sum of the parts: what was told, and what was said without being counted', async () => {
  const extra = { stream_options: { include_usage: true } };
  const read = await run({
    world: world([LATE, {}]),
    dialect: 'openai.chat',
    targets: ['openai/gpt-4o', CONTINUING],
    extra,
  });
  // Anthropic counts 10 in and 20 out; OpenAI was cut before it counted.
  expect(read.outerUsage?.inputTokens).toBe(10);
  expect(read.outerUsage?.outputTokens).toBeGreaterThan(20);
  expect(read.usage).toMatchObject({ completion_tokens: read.outerUsage?.outputTokens });
});

test.each([
  ['structured output', { response_format: { type: 'json_object' } }, {}],
  ['several choices', { n: 2 }, {}],
  ['logprobs', { logprobs: true }, {}],
  ['the caller declines', {}, { 'x-gateway-resume': 'never' }],
])('%s: never resumed', async (_why, extra, headers) => {
  const asked = world([LATE, {}]);
  const targets = ['openai/gpt-4o', CONTINUING];
  const read = await run({ world: asked, dialect: 'openai.chat', targets, extra, headers });
  expect([read.failed, asked.requests.length]).toEqual([true, 1]);
});

test('a policy of the route', async () => {
  const asked = world([LATE, {}]);
  const config = { streams: { routes: { 'openai/gpt-4o': { resume: 'never' as const } } } };
  const read = await run({ world: asked, dialect: 'openai.chat', targets: ['openai/gpt-4o', CONTINUING], config });
  expect([read.failed, asked.requests.length]).toEqual([true, 1]);
});

test('held, a cut is an ordinary rejection and the next target answers alone', async () => {
  const asked = world([LATE, {}]);
  const headers = { 'x-gateway-hold': 'complete' };
  const read = await run({ world: asked, dialect: 'openai.chat', targets: ['openai/gpt-4o', CONTINUING], headers });
  expect([read.text, read.ended, asked.requests.length]).toEqual([TEXT, true, 2]);
  expect(read.trail.contributors).toEqual([]);
  expect(read.trail.shares).toBeUndefined();
});

test('hosts of open models go on if the configuration says so', async () => {
  const asked = world([LATE, {}]);
  const config = { openai: { keys: [{ value: 'sk-1' }], prefill: ['gpt-4*'] } };
  const read = await run({ world: asked, dialect: 'anthropic.messages', targets: ['openai/gpt-4o'], config });
  expect(read.text).toBe(TEXT);
  const messages = asked.requests[1]?.body['messages'] as { role: string }[] | undefined;
  expect(messages?.at(-1)?.role).toBe('assistant');
});
