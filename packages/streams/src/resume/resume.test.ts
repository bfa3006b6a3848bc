import { getEventListeners } from 'node:events';
import {
  CHAIN,
  createContext,
  EventStream,
  JsonBody,
  PipelineError,
  type Context,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type StreamEvent,
  type StreamPart,
} from '@x/core';
import { chatCompletion, chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import type { ResumeEvent } from '../options.ts';
import { resume } from './resume.ts';
import type { ResumableDialect } from './resumable-dialect.ts';

/** A dialect whose frames are their text. */
const dialect: ResumableDialect = {
  obstacle: (body) => (body['tools'] === undefined ? undefined : 'tools'),
  continued: (body, text) => JsonBody.of({ ...body.value, so_far: text }),
  splicer: () => ({
    follow: ({ frame }) => !frame.startsWith('?'),
    write: (part) => (part.type === 'text' ? part.text : `<${part.type}>`),
    end: ({ reason }) => `<${reason}>`,
  }),
};
const layer = (options = {}) => resume({ dialects: () => dialect, ...options });

describe('the contract', () => {
  const subject = {
    layer: () => layer(),
    request: () => chatRequest({ stream: true }),
    respond: () => chatStream(),
    wraps: true,
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) test(name, run);
});

const text = (words: string): StreamEvent => ({ frame: words, parts: [{ type: 'text', text: words }] });
const other = (part: StreamPart): StreamEvent => ({ frame: `<${part.type}>`, parts: [part] });
const finish: StreamEvent = { frame: '<end>', parts: [{ type: 'finish', reason: 'stop' }] };
const cut = failure('stream_broken');

/** A stream of these events, one batch each. An error breaks it. */
function playing(...steps: readonly (StreamEvent | Error)[]): EventStream & { closed: boolean } {
  const rest = [...steps];
  const state = { closed: false };
  const stream = new EventStream({
    target: { provider: 'openai', model: 'gpt-4o-mini' },
    dialect: 'openai.chat',
    headers: {},
    head: [],
    read: async () => {
      const step = rest.shift();
      if (step instanceof Error) throw step;
      return step && [step];
    },
    close: () => (state.closed = true),
  });
  return Object.defineProperty(stream, 'closed', { get: () => state.closed }) as EventStream & { closed: boolean };
}

const request = chatRequest({ stream: true });
const chain = [request.target, { provider: 'q', model: 'second' }];

function bench(deadlineMs?: number) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const deadline = deadlineMs === undefined ? undefined : clock.now() + deadlineMs;
  const context = createContext({ clock, signal: controller.signal, deadline }, CHAIN.of(chain));
  return { clock, controller, context };
}

async function read(answer: LlmResponse): Promise<{ frames: string; error?: PipelineError }> {
  let frames = '';
  try {
    if (answer.stream) for await (const { frame } of answer) frames += frame;
  } catch (error) {
    return { frames, error: error as PipelineError };
  }
  return { frames };
}

async function play(inner: Handler<LlmRequest, LlmResponse>, options = {}, context = bench().context) {
  return read(await layer(options)(inner)(request, context));
}

describe('what is resumed', () => {
  test('a replay, without what the caller has', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(
      playing(text('one '), cut),
      playing(text('one t'), text('wo'), finish),
    );
    expect(await play(inner)).toEqual({ frames: 'one two<stop>' });
    expect(inner.calls[1]?.context.get(CHAIN)).toEqual([chain[1], chain[0]]);
  });

  test('a continuation, where a target takes one', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('one '), cut), playing(text(' two'), finish));
    const events: ResumeEvent[] = [];
    const options = {
      prefill: ({ provider }: { provider: string }) => provider === 'q',
      onResume: (event: ResumeEvent) => events.push(event),
    };
    expect(await play(inner, options)).toEqual({ frames: 'one two<stop>' });
    expect(inner.calls[1]?.request.body.value['so_far']).toBe('one');
    expect(inner.calls[1]?.request.target).toEqual(chain[1]);
    expect(events.map(({ mode, to }) => `${mode} ${to.provider}`)).toEqual(['continue q']);
  });

  test('a refused prefill falls back to a replay, and is not tried again', async () => {
    const inner: Handler<LlmRequest, LlmResponse> = async ({ body, target }) => {
      if (body.value['so_far'] !== undefined) throw failure('invalid_request', { target });
      return calls++ % 2 === 0 ? playing(text('one '), cut) : playing(text('one two'), finish);
    };
    let calls = 0;
    const modes: string[] = [];
    const options = { prefill: () => true, maxRescues: 1, onResume: ({ mode }: ResumeEvent) => modes.push(mode) };
    const handler = layer(options)(inner);
    expect(await read(await handler(request, bench().context))).toEqual({ frames: 'one two<stop>' });
    expect(modes).toEqual(['continue', 'continue', 'replay']);
    modes.length = 0;
    expect(await read(await handler(request, bench().context))).toEqual({ frames: 'one two<stop>' });
    expect(modes).toEqual(['replay']);
  });

  test('a finish that was seen makes a break the end', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('one'), finish, cut));
    expect(await play(inner)).toEqual({ frames: 'one<end><stop>' });
    expect(inner.calls).toHaveLength(1);
  });

  test('thoughts of whoever takes over stay unsaid', async () => {
    const thought = other({ type: 'reasoning', text: 'hm' });
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), cut), playing(thought, text('ab'), finish));
    expect(await play(inner)).toEqual({ frames: 'ab<stop>' });
  });

  test('words behind thoughts, by those who say them again and never by those who would go on', async () => {
    const thought = other({ type: 'reasoning', text: 'hm' });
    const signature = other({ type: 'reasoning-signature', signature: 's' });
    const inner = scripted<LlmRequest, LlmResponse>(
      playing(thought, signature, text('a'), cut),
      playing(other({ type: 'reasoning', text: 'other' }), text('ab'), finish),
    );
    expect(await play(inner, { prefill: () => true })).toEqual({ frames: '<reasoning><reasoning-signature>ab<stop>' });
    expect(inner.calls[1]?.request.body.value['so_far']).toBeUndefined();
  });

  test('a tool call after the seam flows, and seals', async () => {
    const tool = other({ type: 'tool-call', index: 0, id: 'c', name: 'f' });
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), cut), playing(text('a'), tool, cut));
    const { frames, error } = await play(inner);
    expect([frames, error?.kind, inner.calls.length]).toEqual(['a<tool-call>', 'stream_broken', 2]);
  });
});

describe('what is not', () => {
  test.each([
    ['a tool call', other({ type: 'tool-call', index: 0, id: 'c', name: 'f' })],
    ['a thought between words', other({ type: 'reasoning', text: 'hm' })],
    ['a refusal', other({ type: 'refusal', text: 'no' })],
    ['something that nobody can write on', { frame: '? a picture', parts: [] }],
  ])('%s has been sent', async (_name, event) => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), event, cut), playing(text('ab'), finish));
    const { error } = await play(inner);
    expect([error, inner.calls.length]).toEqual([cut, 1]);
  });

  test('thoughts alone: there are no words to compare', async () => {
    const thought = other({ type: 'reasoning', text: 'hm' });
    const inner = scripted<LlmRequest, LlmResponse>(playing(thought, cut), playing(text('ab'), finish));
    expect([(await play(inner)).error, inner.calls.length]).toEqual([cut, 1]);
  });

  test.each([
    ['the caller left', failure('cancelled')],
    ['the time is up', failure('timeout', { code: 'deadline_exceeded' })],
    ['the words were refused', new PipelineError('stream_broken', 'no', { cause: failure('content_filter') })],
  ])('%s', async (_name, error) => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), error), playing(text('ab'), finish));
    expect([(await play(inner)).error, inner.calls.length]).toEqual([error, 1]);
  });

  test('an answer that is longer than what is kept', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(
      playing(text('abc'), text('def'), cut),
      playing(text('abcdef'), finish),
    );
    expect([(await play(inner, { maxChars: 5 })).error, inner.calls.length]).toEqual([cut, 1]);
  });

  test.each([
    ['never', { policy: 'never' }],
    ['a route that says so', { routes: { 'openai/gpt-4o-mini': 'never' } }],
    ['a dialect that cannot', { dialects: () => undefined }],
  ])('%s: the stream is handed on untouched', async (_name, options) => {
    const stream = chatStream();
    expect(await layer(options)(scripted<LlmRequest, LlmResponse>(stream))(request, bench().context)).toBe(stream);
  });

  test('a rescue that answers with no stream, or rejects, leaves the break', async () => {
    for (const rescue of [chatCompletion(), failure('rate_limited')]) {
      const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), cut), rescue);
      const { error } = await play(inner);
      expect([error?.kind, error?.cause, inner.calls.length]).toEqual(['stream_broken', cut, 2]);
      expect(error?.message).toContain('not resumed');
    }
  });

  test('a replay that ends before it has said what the caller has', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('abc'), cut), playing(text('ab'), finish));
    const { frames, error } = await play(inner, { maxRescues: 1 });
    expect([frames, error?.kind]).toEqual(['abc', 'stream_broken']);
  });

  test('a replay that ends without a finish is no success', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(playing(text('a'), cut), playing(text('ab')));
    const { frames, error } = await play(inner, { maxRescues: 1 });
    expect([frames, error?.kind]).toEqual(['ab', 'stream_broken']);
  });
});

describe('who leaves', () => {
  /** Breaks at once; the rescue takes a second to begin, and says a word a second. */
  function slow() {
    const opened: EventStream[] = [];
    const signals: AbortSignal[] = [];
    let calls = 0;
    const inner = async (_request: LlmRequest, context: Context): Promise<LlmResponse> => {
      signals.push(context.signal);
      if (calls++ === 0) return playing(text('a'), cut);
      await context.clock.sleep(1_000, context.signal);
      const rest = ['a', 'b', 'c'];
      const stream = new EventStream({
        target: chain[1] ?? request.target,
        dialect: 'openai.chat',
        headers: {},
        head: [],
        read: async () => {
          await context.clock.sleep(1_000, context.signal);
          const word = rest.shift();
          return word === undefined ? undefined : [text(word)];
        },
        close: () => undefined,
      });
      opened.push(stream);
      return stream;
    };
    return { inner, opened, signals };
  }

  for (const how of ['abort', 'return', 'discard'] as const) {
    for (const afterMs of [0, 500, 1_500, 2_500, 3_500]) {
      test(`${how} ${afterMs} ms after the break leaves nothing in flight`, async () => {
        const { clock, controller, context } = bench();
        const { inner, opened, signals } = slow();
        const answer = (await layer()(inner)(request, context)) as EventStream;
        const settlements: string[] = [];
        answer.onSettled(({ outcome }) => settlements.push(outcome));
        const reading = read(answer);
        await clock.advance(afterMs);
        if (how === 'abort') controller.abort();
        else await answer[how]();
        await clock.advance(10_000);
        const { error } = await reading;
        expect(error?.kind).toBe(how === 'abort' ? 'cancelled' : undefined);
        expect(settlements).toEqual([how === 'discard' ? 'discarded' : 'cancelled']);
        expect(clock.pending).toBe(0);
        expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
        expect(signals).toHaveLength(2);
        const ended = await Promise.all(
          opened.map((stream) =>
            stream.readBatch().then(
              (batch) => batch === undefined,
              () => true,
            ),
          ),
        );
        expect(ended.every(Boolean)).toBe(true);
      });
    }
  }

  test('a rescue that does not watch its signal is discarded when it answers', async () => {
    const { clock, context } = bench();
    const late = playing(text('ab'), finish);
    let calls = 0;
    const deaf = async (_request: LlmRequest, { clock: time }: Context): Promise<LlmResponse> => {
      if (calls++ === 0) return playing(text('a'), cut);
      await time.sleep(1_000);
      return late;
    };
    const answer = (await layer()(deaf)(request, context)) as EventStream;
    const reading = read(answer);
    await clock.advance(500);
    await answer.return();
    await clock.advance(1_000);
    await reading;
    expect(late.closed).toBe(true);
  });
});

test.each([
  [{ policy: 'always' }, 'resume: policy must be auto or never, got "always"'],
  [{ maxRescues: 0 }, 'resume: maxRescues must be a whole number of at least 1, got 0'],
  [{ maxChars: 1.5 }, 'resume: maxChars must be a whole number of at least 1, got 1.5'],
  [{ prefill: 1 }, 'resume: prefill must be a function, got number'],
  [{ dialects: undefined }, 'resume: dialects must be a function, got undefined'],
])('options: %j', (options, message) => {
  expect(() => layer(options)).toThrow(message);
});
