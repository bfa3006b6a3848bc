import { expectTypeOf } from 'vitest';
import type { Context } from './context.ts';
import type { Handler, Middleware, UniversalMiddleware } from './handler.ts';
import { compose, pipeline } from './pipeline.ts';

interface Question {
  readonly text: string;
}
interface Reply {
  readonly size: number;
}

const handler = async (question: Question): Promise<Reply> => ({ size: question.text.length });
const universal: UniversalMiddleware = (next) => (request, context) => next(request, context);
const own: Middleware<Question, Reply> = (next) => (question, context) => next({ text: question.text }, context);
const foreign: Middleware<string, number> = (next) => next;

// The handler alone fixes the types, also those of a layer written in place.
expectTypeOf(pipeline([universal, own], handler)).toEqualTypeOf<Handler<Question, Reply>>();
expectTypeOf(pipeline([], handler)).toEqualTypeOf<Handler<Question, Reply>>();
pipeline(
  [
    (next) => async (question, context) => {
      expectTypeOf(question).toEqualTypeOf<Question>();
      expectTypeOf(context).toEqualTypeOf<Context>();
      return next(question, context);
    },
  ],
  handler,
);

// @ts-expect-error a layer for other requests does not fit
pipeline([foreign], handler);
// @ts-expect-error the context must be handed on
pipeline([(next) => (question) => next(question)], handler);
// @ts-expect-error a layer may not answer something else
pipeline([() => async () => 'text'], handler);
// @ts-expect-error a layer may not ask something else
pipeline([(next) => (_question, context) => next('text', context)], handler);

// A universal layer stays generic, alone and composed.
expectTypeOf(universal(async (n: number) => String(n))).toEqualTypeOf<Handler<number, string>>();
expectTypeOf(compose(universal, universal)).toEqualTypeOf<UniversalMiddleware>();
expectTypeOf(compose()).toEqualTypeOf<UniversalMiddleware>();
// @ts-expect-error it knows nothing about the request
const peeking: UniversalMiddleware = (next) => (request, context) => next(request.text, context);
// @ts-expect-error it cannot make up an answer
const answering: UniversalMiddleware = () => async () => 'text';
void [peeking, answering];

// Composed with a layer for one pipeline, it is a layer for that pipeline.
expectTypeOf(compose(own, universal)).toEqualTypeOf<Middleware<Question, Reply>>();
pipeline([compose(universal, own)], handler);
// @ts-expect-error layers of different pipelines do not compose
compose(own, foreign);
