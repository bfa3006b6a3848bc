import { describe, expect, test } from 'vitest';
import { contextKey, createContext, type Context } from '../context.ts';
import { throwIfAborted } from '../errors/abort.ts';
import { policyOf } from '../errors/kinds.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Middleware } from '../handler.ts';
import type { EventStream } from '../llm/event-stream.ts';
import type { LlmRequest } from '../llm/request.ts';
import type { LlmResponse } from '../llm/response.ts';
import type { SettlementListener } from '../settlement.ts';
import { contract } from './contract.ts';
import { chatRequest, chatStream } from './fakes.ts';

// Each of these layers breaks one rule on purpose: a suite that lets one of them pass is worth nothing.

type Layer = Middleware<LlmRequest, LlmResponse>;

/** Retries everything once after a second, by way of `wait`. */
const retryingOnce =
  (wait: (context: Context) => Promise<void>): Layer =>
  (next) =>
  async (request, context) => {
    try {
      return await next(request, context);
    } catch (error) {
      if (!PipelineError.isInstance(error) || policyOf(error.kind).sameLane === 'never') throw error;
      await wait(context);
      return next(request, context);
    }
  };

/** Changes what the inner handler answers. */
const answering =
  (change: (stream: EventStream) => unknown): Layer =>
  (next) =>
  async (request, context) =>
    change((await next(request, context)) as EventStream) as LlmResponse;

const LEFTOVER = contextKey<string>('leftover');

const BROKEN: Record<string, { layer: Layer; breaks: string }> = {
  'swallows errors': {
    layer: (next) => (request, context) => next(request, context).catch(() => chatStream()),
    breaks: 'rejects in time when the inner handler always fails with rate_limited',
  },
  'swallows errors that are none of ours': {
    layer: (next) => async (request, context) => {
      try {
        return await next(request, context);
      } catch (error) {
        if (PipelineError.isInstance(error)) throw error;
        return chatStream();
      }
    },
    breaks: 'does not swallow an error that is none of ours',
  },
  'rejects with an error that is none of ours': {
    layer: (next) => (request, context) =>
      next(request, context).catch((cause: unknown) => {
        throw new Error('all failed', { cause });
      }),
    breaks: 'rejects in time when the inner handler always fails with timeout',
  },
  'leaks a timer when the inner handler throws at once': {
    layer: (next) => (request, context) => {
      const cancel = context.clock.schedule(30_000, () => undefined);
      return next(request, context).finally(cancel);
    },
    breaks: 'takes a handler that throws at once for one that rejects',
  },
  'calls next after an abort': {
    layer: retryingOnce(async ({ clock, signal }) => clock.sleep(1_000, signal).catch(() => undefined)),
    breaks: 'never calls on after an abort during a wait for network',
  },
  'sleeps on after an abort': {
    layer: retryingOnce(async ({ clock, signal }) => {
      await clock.sleep(1_000);
      throwIfAborted(signal);
    }),
    breaks: 'never calls on after an abort during a wait for network',
  },
  'hides an abort behind the last error': {
    layer: (next) => async (request, context) => {
      const last = await next(request, context).catch((error: unknown) => error);
      if (!(last instanceof Error)) return last as LlmResponse;
      if (policyOf((last as PipelineError).kind).sameLane === 'never') throw last;
      await context.clock.sleep(1_000, context.signal).catch(() => undefined);
      throw last;
    },
    breaks: 'never calls on after an abort during a wait for rate_limited',
  },
  'waits beyond the deadline': {
    layer: retryingOnce(({ clock, signal }) => clock.sleep(90_000, signal)),
    breaks: 'rejects in time when the inner handler always fails with server_error',
  },
  "repeats the caller's mistake": {
    layer: (next) => (request, context) => next(request, context).catch(() => next(request, context)),
    breaks: 'asks nobody again after invalid_request',
  },
  'mutates the request': {
    layer: (next) => (request, context) => next(Object.assign(request, { stream: true }), context),
    breaks: 'never mutates a request or a context',
  },
  "mutates the request's body": {
    layer: (next) => (request, context) => {
      Object.assign(request.body.value, { model: 'another' });
      return next(request, context);
    },
    breaks: 'never mutates a request or a context',
  },
  'mutates the request before a retry only': {
    layer: (next) => (request, context) =>
      next(request, context).catch((error: unknown) => {
        Object.assign(request, { fallbacks: [] });
        throw error;
      }),
    breaks: 'rejects in time when the inner handler always fails with timeout',
  },
  'mutates the context': {
    layer: (next) => (request, context) => next(request, Object.assign(context, { attempt: 2 })),
    breaks: 'never mutates a request or a context',
  },
  'leaks a timer': {
    layer: (next) => (request, context) => {
      context.clock.schedule(30_000, () => undefined);
      return next(request, context);
    },
    breaks: 'lets a response settle once as completed, and not before',
  },
  'leaks a timer when it fails': {
    layer: (next) => async (request, context) => {
      const cancel = context.clock.schedule(30_000, () => undefined);
      const response = await next(request, context);
      cancel();
      return response;
    },
    breaks: 'rejects in time when the inner handler always fails with authentication',
  },
  'leaks a listener': {
    layer: (next) => (request, context) => {
      context.signal.addEventListener('abort', () => undefined);
      return next(request, context);
    },
    breaks: 'hands on what the inner handler answers',
  },
  'extends the deadline': {
    layer: (next) => (request, context) => next(request, context.with({ deadline: (context.deadline ?? 0) + 1 })),
    breaks: 'derives contexts: the id and the entries stay, and the time never grows',
  },
  'drops the deadline': {
    layer: (next) => (request, context) => next(request, context.with({ deadline: undefined })),
    breaks: 'derives contexts: the id and the entries stay, and the time never grows',
  },
  'drops the deadline before a retry only': {
    layer: (next) => (request, context) =>
      next(request, context).catch((error: unknown) => {
        if ((error as PipelineError).kind !== 'network') throw error;
        return next(request, context.with({ deadline: undefined }));
      }),
    breaks: 'rejects in time when the inner handler always fails with network',
  },
  'makes a context of its own': {
    layer:
      (next) =>
      (request, { id, signal, clock, deadline }) =>
        next(request, createContext({ id, signal, clock, deadline }, LEFTOVER.of('mine'))),
    breaks: 'derives contexts: the id and the entries stay, and the time never grows',
  },
  'hides the signal': {
    layer: (next) => (request, context) => next(request, context.with({ signal: new AbortController().signal })),
    breaks: 'lets an abort during the inner call through',
  },
  'answers everybody with the first answer': {
    layer: (next) => {
      let first: Promise<LlmResponse> | undefined;
      return (request, context) => (first ??= next(request, context));
    },
    breaks: 'keeps concurrent requests apart',
  },
  'keeps the current context in the factory': {
    layer: (next) => {
      let current: Context;
      return async (request, context) => {
        current = context;
        await context.clock.sleep(0, context.signal);
        return next(request, current);
      };
    },
    breaks: 'keeps concurrent requests apart',
  },
  'stays shut after a failure': {
    layer: (next) => {
      let busy = false;
      return async (request, context) => {
        if (busy) throw new PipelineError('pool_exhausted', 'busy');
        busy = true;
        const response = await next(request, context);
        busy = false;
        return response;
      };
    },
    breaks: 'serves the next caller after one that failed and one that left',
  },
  'never calls next': {
    layer: () => async () => chatStream(),
    breaks: 'hands on what the inner handler answers',
  },
  'works for a caller that has left': {
    layer: (next) => (request, context) => next(request, context.with({ signal: new AbortController().signal })),
    breaks: 'does not work for a caller that has left already',
  },
  'settles twice': {
    layer: answering((stream) =>
      Object.create(stream, {
        onSettled: {
          value: (listener: SettlementListener) =>
            stream.onSettled((settlement) => {
              listener(settlement);
              listener(settlement);
            }),
        },
        discard: { value: (reason: unknown) => stream.discard(reason) },
        [Symbol.asyncIterator]: { value: () => stream },
      }),
    ),
    breaks: 'lets a response settle once as discarded, and not before',
  },
  'settles when it resolves': {
    layer: answering((stream) => {
      void stream.discard();
      return stream;
    }),
    breaks: 'lets a response settle once as completed, and not before',
  },
  'loses discard': {
    layer: answering((stream) => Object.defineProperty(stream, 'discard', { value: async () => undefined })),
    breaks: 'lets a response settle once as discarded, and not before',
  },
  'reads on after the caller left': {
    layer: answering((stream) => Object.defineProperty(stream, 'return', { value: undefined })),
    breaks: 'lets a response settle once as cancelled, and not before',
  },
};

describe('the suite catches a layer that', () => {
  for (const [name, { layer, breaks }] of Object.entries(BROKEN)) {
    test(name, async () => {
      expect(await brokenRules(layer)).toContain(breaks);
    });
  }
});

test('the suite catches a layer with a stream of its own that does not read from the inner one', async () => {
  const broken = await brokenRules(
    answering(() => chatStream()),
    true,
  );
  expect(broken).toContain('hands on what the inner handler answers');
  expect(broken).toContain('lets a response settle once as completed, and not before');
});

async function brokenRules(layer: Layer, wraps = false): Promise<string[]> {
  const broken: string[] = [];
  const subject = { layer: () => layer, request: () => chatRequest(), respond: () => chatStream(), wraps };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) await run().catch(() => broken.push(name));
  return broken;
}

test('every rule of the suite is broken by one of these layers', async () => {
  const broken = new Set<string>();
  for (const { layer } of Object.values(BROKEN)) for (const name of await brokenRules(layer)) broken.add(name);
  const subject = {
    layer: () => BROKEN['swallows errors']?.layer as Layer,
    request: () => chatRequest(),
    respond: () => chatStream(),
  };
  const unbroken = contract<LlmRequest, LlmResponse>(subject)
    .map(({ name }) => name)
    .filter((name) => !broken.has(name));
  expect(unbroken).toEqual([]);
});
