import { expect, test } from 'vitest';
import { NO_USAGE } from '../llm/usage.ts';
import { chatCompletion, chatRequest, chatStream, failure } from './fakes.ts';

const usage = { ...NO_USAGE, outputTokens: 7 };

test('a request is what a gateway would make of its body', () => {
  const request = chatRequest({ model: 'anthropic/claude', fallbacks: ['openai/gpt-4o'], stream: true });
  expect(request).toMatchObject({ target: { provider: 'anthropic' }, fallbacks: [{ model: 'gpt-4o' }], stream: true });
});

test('a completion says the text and the usage', () => {
  const completion = chatCompletion({ target: 'anthropic/claude', text: 'Hi', usage });
  expect(completion).toMatchObject({ stream: false, target: { provider: 'anthropic' }, usage, finishReason: 'stop' });
  expect(completion.body.value).toMatchObject({ choices: [{ message: { content: 'Hi' } }] });
});

test('a stream plays the text by words and ends with its usage', async () => {
  const stream = chatStream({ text: 'one two', usage });
  const frames: string[] = [];
  for await (const { frame } of stream) frames.push(frame);
  expect(frames).toEqual(['data: "one "\n\n', 'data: "two"\n\n', 'data: [DONE]\n\n']);
  expect(stream).toMatchObject({ usage, finishReason: 'stop', closed: false });
});

test('a stream can break after its text', async () => {
  const stream = chatStream({ text: 'one', breaksWith: new Error('cut') });
  await stream.next();
  await expect(stream.next()).rejects.toMatchObject({ kind: 'stream_broken' });
  expect(stream.closed).toBe(true);
});

test('a stream tells that it was closed', async () => {
  const stream = chatStream();
  expect(stream.closed).toBe(false);
  await stream.discard();
  expect(stream.closed).toBe(true);
});

test('a failure has its kind and its options', () => {
  expect(failure('overloaded', { retryAfterMs: 5 })).toMatchObject({ kind: 'overloaded', retryAfterMs: 5 });
});
