import { PipelineError } from '@x/core';
import { describe, expect, test } from 'vitest';
import { Bench, eventsOf, parse, readText } from '../../test/harness.ts';
import { FAULT_NAMES, type FaultRule } from './catalogue.ts';

const STREAM = { body: { stream: true } };

function struck(fault: FaultRule, provider = 'openai'): Bench {
  const latency = { firstTokenMs: 100, tokensPerSecond: 50 };
  return new Bench({ providers: { [provider]: { outputTokens: 20, latency } }, faults: [fault] });
}

async function failureOf(work: Promise<unknown>): Promise<PipelineError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!PipelineError.isInstance(error)) throw new Error(`expected a PipelineError, got ${String(error)}`);
  return error;
}

describe("refusals in the provider's own words", () => {
  test.each<[FaultRule, string, number, string]>([
    [{ name: 'overloaded_529' }, 'anthropic', 529, '"type":"overloaded_error","message":"Overloaded"'],
    [{ name: 'overloaded_529' }, 'openai', 529, 'server_is_overloaded'],
    [{ name: 'unavailable_503' }, 'openai', 503, '"code":"server_is_overloaded"'],
    [{ name: 'unavailable_503' }, 'bedrock', 503, 'Bedrock is unable to process your request.'],
    [{ name: 'server_error_500' }, 'openai', 500, '"type":"server_error"'],
    [{ name: 'server_error_500' }, 'anthropic', 500, '"type":"api_error"'],
    [{ name: 'insufficient_quota' }, 'openai', 429, '"type":"insufficient_quota"'],
    [{ name: 'invalid_key' }, 'anthropic', 401, '"type":"authentication_error"'],
    [{ name: 'status', status: 404 }, 'openai', 404, 'model_not_found'],
    [{ name: 'status', status: 418 }, 'openai', 418, 'invalid_request_error'],
    [{ name: 'status', status: 502, body: '<html>Bad gateway</html>' }, 'openai', 502, '<html>Bad gateway</html>'],
    [{ name: 'status', status: 400, body: { error: { code: 'x' } } }, 'openai', 400, '{"error":{"code":"x"}}'],
  ])('%j at %s', async (fault, provider, status, text) => {
    const bench = struck(fault, provider);
    const told = await bench.ask({ provider });
    expect(told.status).toBe(status);
    expect(told.text).toContain(text);
    expect(bench.simulator.stats().providers[provider]).toMatchObject({
      requests: 1,
      ok: 0,
      statuses: { [status]: 1 },
    });
  });

  test('headers of a status come in lower case', async () => {
    const told = await struck({ name: 'status', status: 503, headers: { 'Retry-After': '7' } }).ask();
    expect(told.headers['retry-after']).toBe('7');
  });

  test('rate_limit_without_hint says nothing of time or limits', async () => {
    for (const provider of ['openai', 'anthropic', 'azure', 'groq', 'gemini', 'bedrock']) {
      const told = await struck({ name: 'rate_limit_without_hint' }, provider).ask({ provider });
      expect(told.status).toBe(429);
      expect(Object.keys(told.headers).join()).not.toMatch(/ratelimit|retry-after/);
      expect(told.text).not.toMatch(/\d+(ms|s)\b|retryDelay/);
    }
  });

  test('a refusal costs no quota', async () => {
    const bench = new Bench({
      providers: { openai: { limits: { rpm: 1 } } },
      faults: [{ name: 'server_error_500', when: { next: 3 } }],
    });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await bench.ask()).status);
    expect(statuses).toEqual([500, 500, 500, 200, 429]);
  });

  test('comes as late as asked', async () => {
    const bench = struck({ name: 'overloaded_529', afterMs: 250, retryAfterSeconds: 3 });
    const begun = bench.clock.now();
    expect((await bench.ask()).headers['retry-after']).toBe('3');
    expect(bench.clock.now() - begun).toBe(250);
  });
});

describe('connections', () => {
  test('reset_before_headers rejects as a transport does', async () => {
    const bench = struck({ name: 'reset_before_headers', afterMs: 40 });
    const error = await failureOf(bench.ask());
    expect(error).toMatchObject({ kind: 'network', cause: { code: 'ECONNRESET' } });
    expect(bench.simulator.stats().providers['openai']).toMatchObject({ broken: 1, statuses: {}, inFlight: 0 });
  });

  test('reset_after_headers answers and then rejects the body', async () => {
    const bench = struck({ name: 'reset_after_headers' });
    const response = await bench.clock.run(bench.send());
    expect(response.status).toBe(200);
    expect((await failureOf(readText(response))).kind).toBe('network');
  });

  test('hang never answers, and ends with the caller', async () => {
    const bench = struck({ name: 'hang' });
    const controller = new AbortController();
    const failure = failureOf(bench.send({ signal: controller.signal }));
    await bench.clock.advance(86_400_000);
    expect(bench.simulator.stats().providers['openai']).toMatchObject({ inFlight: 1, aborted: 0 });
    controller.abort();
    expect((await failure).kind).toBe('cancelled');
    expect(bench.simulator.stats().providers['openai']).toMatchObject({ inFlight: 0, aborted: 1 });
    expect(bench.clock.pending).toBe(0);
  });
});

describe('bodies', () => {
  test.each([{}, STREAM])('error_in_200 with %j', async (question) => {
    const told = await struck({ name: 'error_in_200', error: 'rate_limited' }).ask(question);
    expect(told.status).toBe(200);
    expect(told.headers['content-type']).toBe('application/json');
    expect(parse(told.text)['error']).toMatchObject({ code: 'rate_limit_exceeded' });
  });

  test('truncated_json ends in the middle with a length that fits', async () => {
    const told = await struck({ name: 'truncated_json' }).ask();
    expect(told.status).toBe(200);
    expect(() => parse(told.text)).toThrow(SyntaxError);
    expect(told.headers['content-length']).toBe(String(told.text.length));
    const stream = await struck({ name: 'truncated_json' }).ask(STREAM);
    expect(stream.text).toContain('[DONE]');
  });

  test.each([{}, STREAM])('empty_body with %j', async (question) => {
    const told = await struck({ name: 'empty_body' }).ask(question);
    expect(told).toMatchObject({ status: 200, text: '' });
  });

  test('wrong_content_type sends a page, or the right body under the wrong name', async () => {
    const page = await struck({ name: 'wrong_content_type' }).ask();
    expect(page.headers['content-type']).toBe('text/html');
    expect(page.text).toContain('<html>');
    const renamed = await struck({ name: 'wrong_content_type', contentType: 'text/plain', body: 'unchanged' }).ask(
      STREAM,
    );
    expect(renamed.headers['content-type']).toBe('text/plain');
    expect(renamed.text).toContain('[DONE]');
  });
});

describe('streams', () => {
  const contents = (text: string) =>
    eventsOf(text).filter(({ data }) => /"delta":\{"content":"[^"]|text_delta","text/.test(data)).length;

  test('slow_first_token delays the content and not the opening', async () => {
    const bench = struck({ name: 'slow_first_token', ms: 5_000 });
    const begun = bench.clock.now();
    const response = await bench.clock.run(bench.send(STREAM));
    expect(bench.clock.now() - begun).toBe(100);
    const body = response.body[Symbol.asyncIterator]();
    const opening = await bench.clock.run(body.next());
    expect(contents(Buffer.from(opening.value as Uint8Array).toString())).toBe(0);
    await bench.clock.run(body.next());
    expect(bench.clock.now() - begun).toBeGreaterThanOrEqual(5_100);
  });

  test('slow_first_token delays a whole answer', async () => {
    const bench = struck({ name: 'slow_first_token', ms: 5_000 });
    const begun = bench.clock.now();
    await bench.ask();
    expect(bench.clock.now() - begun).toBeGreaterThan(5_000);
  });

  test.each(['openai', 'anthropic'])(
    'cut_stream breaks the connection of %s after so many events',
    async (provider) => {
      const bench = struck({ name: 'cut_stream', afterEvents: 2 }, provider);
      const response = await bench.clock.run(bench.send({ ...STREAM, provider }));
      let text = '';
      const error = await failureOf(
        bench.clock.run(async () => {
          for await (const bytes of response.body) text += Buffer.from(bytes).toString();
        }),
      );
      expect(error.kind).toBe('network');
      expect(contents(text)).toBe(2);
      expect(text).not.toMatch(/finish_reason":"|message_delta/);
      expect(bench.simulator.stats().providers[provider]).toMatchObject({ broken: 1, ok: 0, inFlight: 0 });
    },
  );

  test('cut_stream may close properly, with nothing finished', async () => {
    const told = await struck({ name: 'cut_stream', afterEvents: 2, how: 'end' }).ask(STREAM);
    expect(contents(told.text)).toBe(2);
    expect(told.text).not.toMatch(/finish_reason":"|\[DONE\]/);
  });

  test('stall_stream falls silent until the caller leaves', async () => {
    const bench = struck({ name: 'stall_stream', afterEvents: 1 });
    const controller = new AbortController();
    const response = await bench.clock.run(bench.send({ ...STREAM, signal: controller.signal }));
    const failure = failureOf(readText(response));
    await bench.clock.advance(3_600_000);
    controller.abort();
    expect((await failure).kind).toBe('cancelled');
    expect(bench.simulator.stats().providers['openai']).toMatchObject({ aborted: 1, inFlight: 0 });
  });

  test.each(['openai', 'anthropic'])('malformed_event is one event more at %s', async (provider) => {
    const told = await struck({ name: 'malformed_event', afterEvents: 1 }, provider).ask({ ...STREAM, provider });
    const broken = eventsOf(told.text).filter(({ data }) => {
      try {
        return data !== '[DONE]' && parse(data) === undefined;
      } catch {
        return true;
      }
    });
    expect(broken).toHaveLength(1);
    const plain = await new Bench({ providers: { [provider]: { outputTokens: 20 } } }).ask({ ...STREAM, provider });
    expect(eventsOf(told.text)).toHaveLength(eventsOf(plain.text).length + 1);
  });

  test.each([
    ['openai', undefined, 'server_is_overloaded'],
    ['anthropic', 'error', 'overloaded_error'],
    ['bedrock', undefined, 'Bedrock is unable'],
  ])('error_event_first of %s is the only event', async (provider, event, text) => {
    const told = await struck({ name: 'error_event_first' }, provider).ask({ ...STREAM, provider });
    expect(told.status).toBe(200);
    expect(told.headers['content-type']).toContain('text/event-stream');
    const events = eventsOf(told.text);
    expect(events).toHaveLength(1);
    expect(events[0]?.event).toBe(event);
    expect(parse(events[0]?.data ?? '')).toHaveProperty('error');
    expect(told.text).toContain(text);
  });

  test('error_event_midstream ends the stream after so many events', async () => {
    const told = await struck({ name: 'error_event_midstream', afterEvents: 3, error: 'server_error' }).ask(STREAM);
    expect(contents(told.text)).toBe(3);
    expect(parse(eventsOf(told.text).at(-1)?.data ?? '')['error']).toMatchObject({ type: 'server_error' });
  });

  test.each(['openai', 'anthropic'])('missing_done leaves out the end marker of %s alone', async (provider) => {
    const told = await struck({ name: 'missing_done' }, provider).ask({ ...STREAM, provider });
    expect(told.text).not.toMatch(/\[DONE\]|message_stop/);
    expect(told.text).toMatch(/"finish_reason":"stop"|"stop_reason":"end_turn"/);
  });

  test('faults of streams leave other requests alone', async () => {
    for (const name of [
      'cut_stream',
      'stall_stream',
      'malformed_event',
      'error_event_first',
      'error_event_midstream',
      'missing_done',
    ] as const) {
      const bench = struck({ name });
      expect((await bench.ask()).status).toBe(200);
      expect(bench.simulator.stats().providers['openai']?.faults).toEqual({});
    }
  });
});

test('several faults strike one request together', async () => {
  const bench = new Bench({
    providers: { openai: { outputTokens: 20 } },
    faults: [{ name: 'slow_first_token', ms: 500 }, { name: 'missing_done' }],
  });
  const begun = bench.clock.now();
  const told = await bench.ask(STREAM);
  expect(bench.clock.now() - begun).toBe(500);
  expect(told.text).not.toContain('[DONE]');
  expect(bench.simulator.stats().providers['openai']?.faults).toEqual({ slow_first_token: 1, missing_done: 1 });
});

test('the catalogue has no name twice', () => {
  expect(new Set(FAULT_NAMES).size).toBe(FAULT_NAMES.length);
});
