import type { Context, ContextEntry } from '../context.ts';
import type { ErrorKind } from '../errors/kinds.ts';
import type { Middleware } from '../handler.ts';
import { discard, onSettled, type Settlement } from '../settlement.ts';
import { Bench, checkDerived, drain, leave, rejection, thrown } from './bench.ts';
import { check, equal, settledWithin } from './check.ts';
import { failure } from './fakes.ts';
import { scripted } from './scripted-handler.ts';

/** What the suite needs to know about a layer. */
export interface ContractSubject<Req, Res> {
  /** A fresh layer with state of its own. */
  readonly layer: () => Middleware<Req, Res>;
  readonly request: () => Req;
  /** A fresh response that goes on after its promise resolved and can be told apart from others, such as `chatStream()`. */
  readonly respond: () => Res & AsyncIterable<unknown>;
  /**
   * The layer answers with a stream of its own that reads from the inner one, as a layer that looks at every event has to.
   * @default false: it hands on the very response that it got
   */
  readonly wraps?: boolean;
  /** What outer layers would have put into the context. */
  readonly entries?: () => readonly ContextEntry[];
}

export interface ContractCase {
  readonly name: string;
  /** Rejects when the layer breaks this rule. */
  readonly run: () => Promise<void>;
}

/** What an inner handler may fail with, one of each treatment. A layer may wait, rotate or give up, but not misbehave. */
const KINDS: readonly ErrorKind[] = [
  'rate_limited',
  'overloaded',
  'pool_exhausted',
  'server_error',
  'network',
  'timeout',
  'authentication',
  'invalid_request',
  'cancelled',
];

/** Kinds that nobody else can answer either. */
const FINAL_KINDS: readonly ErrorKind[] = ['invalid_request', 'cancelled'];

/** In the quick retry, in a short wait, and just before the end of the wait that the error asks for. */
const ABORT_AFTER_MS = [1, 250, 4_999];
const RETRY_AFTER_MS = 5_000;

/**
 * The rules that every layer keeps, as cases for any test runner:
 * `for (const { name, run } of contract(subject)) test(name, run)`.
 */
export function contract<Req, Res>(subject: ContractSubject<Req, Res>): ContractCase[] {
  const cases: ContractCase[] = [];
  const rule = (name: string, run: (bench: Bench<Req, Res>) => Promise<void>) =>
    cases.push({ name, run: () => run(new Bench(subject)) });

  /** Checks that `answer` is what the inner handler gave, or reads from it. */
  const handedOn = async (answer: Res | undefined, given: Res & AsyncIterable<unknown>, bench: Bench<Req, Res>) => {
    if (subject.wraps !== true) return equal(answer, given, 'the response');
    check(answer !== undefined, 'there is no response');
    let outcome: Settlement['outcome'] | undefined;
    onSettled(given, (settlement) => (outcome = settlement.outcome));
    await bench.clock.run(drain(answer as Res & AsyncIterable<unknown>));
    return equal(outcome, 'completed', 'the inner response, read to its end,');
  };

  rule('hands on what the inner handler answers', async (bench) => {
    const response = subject.respond();
    const handler = bench.wrap(scripted<Req, Res>(response));
    await handedOn(await bench.call(handler), response, bench);
    await drain(response);
    bench.atRest();
  });

  rule('never mutates a request or a context', async (bench) => {
    await bench.call(bench.wrap(scripted<Req, Res>(subject.respond())));
  });

  rule('derives contexts: the id and the entries stay, and the time never grows', async (bench) => {
    const inner = scripted<Req, Res>(subject.respond());
    const context = bench.context({ deadline: bench.clock.now() + 5_000 });
    await bench.call(bench.wrap(inner), { context });
    check(inner.calls.length > 0, 'the inner handler was never called');
    for (const call of inner.calls) checkDerived(call.context, context);
  });

  rule('keeps concurrent requests apart', async (bench) => {
    const answers = new Map<string, Res & AsyncIterable<unknown>>();
    const handler = bench.wrap(async (_request: Req, context: Context) => {
      await context.clock.sleep(context.clock.random() * 100, context.signal);
      const response = subject.respond();
      answers.set(context.id, response);
      return response;
    });
    const calls = Array.from({ length: 50 }, async (_, index) => {
      const id = `caller-${index}`;
      const answer = await bench.call(handler, { context: bench.context({ id }) });
      await handedOn(answer, answers.get(id) as Res & AsyncIterable<unknown>, bench);
    });
    await bench.clock.run(Promise.all(calls));
    // A layer may keep a hold on an answer until it has settled.
    for (const answer of answers.values()) await drain(answer as Res & AsyncIterable<unknown>);
    bench.atRest();
  });

  for (const kind of KINDS) {
    rule(`rejects in time when the inner handler always fails with ${kind}`, async (bench) => {
      const deadline = bench.clock.now() + 60_000;
      const context = bench.context({ deadline });
      const inner = scripted<Req, Res>(failure(kind));
      await rejection(bench.call(bench.wrap(inner), { context }));
      check(bench.clock.now() <= deadline, 'was at work after the deadline');
      for (const call of inner.calls) checkDerived(call.context, context);
      bench.atRest();
    });
  }

  for (const kind of FINAL_KINDS) {
    rule(`asks nobody again after ${kind}`, async (bench) => {
      const inner = scripted<Req, Res>(failure(kind));
      await rejection(bench.call(bench.wrap(inner)));
      equal(inner.calls.length, 1, 'calls of the inner handler');
    });
  }

  rule('takes a handler that throws at once for one that rejects', async (bench) => {
    const handler = bench.wrap(() => {
      throw failure('invalid_request');
    });
    equal((await rejection(bench.call(handler))).kind, 'invalid_request', 'the kind');
    bench.atRest();
  });

  rule('does not swallow an error that is none of ours', async (bench) => {
    const handler = bench.wrap(scripted<Req, Res>(new TypeError('a bug')));
    await thrown(bench.call(handler, { context: bench.context({ deadline: bench.clock.now() + 60_000 }) }));
    bench.atRest();
  });

  rule('serves the next caller after one that failed and one that left', async (bench) => {
    const response = subject.respond();
    const handler = bench.wrap(scripted<Req, Res>(failure('invalid_request'), response));
    await rejection(bench.call(handler));
    await rejection(bench.call(handler, { context: bench.context({ signal: AbortSignal.abort() }) }));
    await handedOn(await bench.call(handler), response, bench);
  });

  rule('does not work for a caller that has left already', async (bench) => {
    const inner = scripted<Req, Res>(subject.respond());
    const context = bench.context({ signal: AbortSignal.abort() });
    equal((await rejection(bench.call(bench.wrap(inner), { context }))).kind, 'cancelled', 'the kind');
    equal(inner.calls.length, 0, 'calls of the inner handler');
    equal(bench.clock.pending, 0, 'timers left behind');
  });

  for (const kind of KINDS) {
    rule(`never calls on after an abort during a wait for ${kind}`, async (bench) => {
      for (const ms of ABORT_AFTER_MS) {
        let asked = 0;
        const inner = scripted<Req, Res>(failure(kind, { retryAfterMs: RETRY_AFTER_MS }));
        const handler = bench.wrap((request, context) => {
          asked += 1;
          return inner(request, context);
        });
        const controller = new AbortController();
        const context = bench.context({ signal: controller.signal });
        const call = rejection((async () => handler(bench.request(), context))());
        const over = await settledWithin(call, bench.clock, ms);
        const askedBefore = asked;
        controller.abort();
        check(await settledWithin(call, bench.clock, 0), 'an aborted call did not return at once');
        const error = await call;
        check(over || error.kind === 'cancelled', `rejected with ${error.kind} instead of cancelled`);
        await bench.clock.advance(600_000);
        equal(asked, askedBefore, 'calls of the inner handler');
        bench.atRest();
      }
    });
  }

  rule('lets an abort during the inner call through', async (bench) => {
    const controller = new AbortController();
    const handler = bench.wrap(async (_request: Req, context: Context) => {
      await context.clock.sleep(1_000, context.signal);
      return subject.respond();
    });
    const call = rejection((async () => handler(bench.request(), bench.context({ signal: controller.signal })))());
    check(!(await settledWithin(call, bench.clock, 10)), 'a call returned before the inner handler had');
    controller.abort();
    check(await settledWithin(call, bench.clock, 0), 'an aborted call did not return at once');
    equal((await call).kind, 'cancelled', 'the kind');
    bench.atRest();
  });

  const endings: readonly [Settlement['outcome'], (response: AsyncIterable<unknown>) => Promise<void>][] = [
    ['completed', drain],
    ['cancelled', leave],
    ['discarded', (response) => discard(response)],
  ];
  for (const [outcome, end] of endings) {
    rule(`lets a response settle once as ${outcome}, and not before`, async (bench) => {
      const inner = subject.respond();
      const response = await bench.call(bench.wrap(scripted<Req, Res>(inner)));
      const seen: Settlement['outcome'][] = [];
      for (const side of [inner, response]) onSettled(side, (settlement) => seen.push(settlement.outcome));
      equal(seen.length, 0, 'settlements before the end');
      await end(response as Res & AsyncIterable<unknown>);
      await discard(response);
      equal(seen.join(), `${outcome},${outcome}`, 'settlements inside and outside');
      bench.atRest();
    });
  }

  return cases;
}
