import { createContext, TENANT, type LlmRequest, type LlmResponse, type PipelineError } from '@x/core';
import { chatRequest, chatStream, contract, scripted, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { describe, expect, test } from 'vitest';
import { Directory } from '../directory/directory.ts';
import { VIRTUAL_KEY } from '../keys.ts';
import { actor, GovernanceBench } from '../testing/bench.ts';
import { UNGOVERNED } from '../ungoverned.ts';
import { identify, Identity, type AnonymousPolicy } from './identify.ts';
import { describeKey } from './virtual-key-secret.ts';

const { key: KEY, keyHash, prefix } = describeKey(`xk-${'k'.repeat(32)}`);

function directory(data: object = {}): Directory {
  const made = new Directory(createMemoryLimitStore({ clock: new VirtualClock() }));
  const virtualKey = { name: 'one', enabled: true, keyHash, prefix, createdAt: 0, ...data };
  made.apply({ kind: 'virtual-key', id: 'one', revision: 1, data: virtualKey });
  return made;
}

const sent = (headers: LlmRequest['headers']): LlmRequest => ({ ...chatRequest(), headers });
const request = sent({ authorization: `Bearer ${KEY}` });

describe('the contract', () => {
  const subject = {
    layer: () => identify(new Identity({ directory: directory() })),
    request: () => ({ ...chatRequest({ stream: true }), headers: { authorization: `Bearer ${KEY}` } }),
    respond: () => chatStream(),
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) test(name, run);
});

test('without governance it is no layer', () => {
  const next = scripted<LlmRequest, LlmResponse>(chatStream());
  expect(UNGOVERNED.identify()(next)).toBe(next);
});

interface Called {
  readonly data?: object;
  readonly anonymous?: AnonymousPolicy;
  readonly clock?: VirtualClock;
}

function call(asked: LlmRequest, { data, anonymous, clock = new VirtualClock() }: Called = {}) {
  const next = scripted<LlmRequest, LlmResponse>(chatStream());
  const layer = identify(new Identity({ directory: directory(data), anonymous }));
  return { next, answer: layer(next)(asked, createContext({ clock })) };
}

async function refusal(answer: Promise<unknown>): Promise<PipelineError> {
  return answer.then(
    () => expect.unreachable('it was let through'),
    (error: PipelineError) => error,
  );
}

test.each([
  { authorization: `Bearer ${KEY}` },
  { authorization: `bearer  ${KEY}` },
  { 'x-api-key': KEY },
  { 'x-goog-api-key': KEY },
  { 'x-gateway-key': KEY },
  { authorization: 'Bearer sk-dummy', 'x-gateway-key': KEY },
  { authorization: `Bearer ${KEY}`, 'x-api-key': 'sk-of-somebody-else' },
])('a key is found in %o, and taken out', async (headers) => {
  const { next, answer } = call(sent({ ...headers, 'x-other': 'stays' }));
  await answer;
  const [seen] = next.calls;
  expect(seen?.context.get(TENANT)).toBe('one');
  expect(seen?.context.get(VIRTUAL_KEY)?.owner).toEqual({ customer: null, team: null, virtualKey: 'one' });
  expect(JSON.stringify(seen?.request.headers)).toBe('{"x-other":"stays"}');
});

test.each([
  ['virtual_key_required', sent({})],
  ['virtual_key_unknown', sent({ authorization: 'Bearer sk-1' })],
  ['virtual_key_unknown', sent({ authorization: `Bearer xk-${'z'.repeat(32)}` })],
])('%s', async (code, asked) => {
  const { next, answer } = call(asked);
  const error = await refusal(answer);
  expect([error.kind, error.code, next.calls.length]).toEqual(['authentication', code, 0]);
  expect(error.message).not.toMatch(/sk-1|zzz/);
});

test.each([
  ['virtual_key_revoked', { revokedAt: 1 }],
  ['virtual_key_expired', { expiresAt: 1 }],
  ['virtual_key_disabled', { enabled: false }],
  ['virtual_key_disabled', { team: 'nobody' }],
])('%s: %o', async (code, data) => {
  const error = await refusal(call(request, { data }).answer);
  expect([error.kind, error.code]).toEqual(['authentication', code]);
});

test('a key expires at its time and not before', async () => {
  const clock = new VirtualClock();
  const data = { expiresAt: clock.now() + 1_000 };
  await call(request, { data, clock }).answer;
  await clock.advance(1_000);
  expect((await refusal(call(request, { data, clock }).answer)).code).toBe('virtual_key_expired');
});

test('an entity that nobody here has written is a defect, not the caller’s mistake', async () => {
  const error = await refusal(call(request, { data: { nonsense: true } }).answer);
  expect([error.kind, error.code]).toEqual(['server_error', 'entity_invalid']);
});

describe('callers without a key', () => {
  test('may be let through', async () => {
    const { next, answer } = call(sent({ authorization: 'Bearer sk-1' }), { anonymous: 'allow' });
    await answer;
    expect(next.calls[0]?.context.get(VIRTUAL_KEY)).toBeUndefined();
    expect(next.calls[0]?.request.headers['authorization']).toBeUndefined();
  });

  test('may share a virtual key', async () => {
    const { next, answer } = call(sent({}), { anonymous: { virtualKey: 'one' } });
    await answer;
    expect(next.calls[0]?.context.get(VIRTUAL_KEY)?.id).toBe('one');
  });

  test('are not those with a key that is none', async () => {
    const asked = sent({ authorization: `Bearer xk-${'z'.repeat(32)}` });
    expect((await refusal(call(asked, { anonymous: 'allow' }).answer)).code).toBe('virtual_key_unknown');
  });
});

describe('rotation and revocation', () => {
  async function open() {
    const bench = await GovernanceBench.open();
    const first = await bench.key();
    const ask = async (key: string) => {
      const outcome = bench.handler()(sent({ 'x-api-key': key }), bench.context());
      return outcome.then(
        () => 'ok',
        (error: PipelineError) => error.code,
      );
    };
    return { bench, first, ask };
  }

  test('the key before is taken until its grace is over', async () => {
    const { bench, first, ask } = await open();
    const { key: second } = await bench.governance.admin.virtualKeys.rotate('key', { actor, graceMs: 1_000 });
    expect([await ask(first), await ask(second)]).toEqual(['ok', 'ok']);
    await bench.clock.advance(1_000);
    expect([await ask(first), await ask(second)]).toEqual(['virtual_key_expired', 'ok']);
    const { key: third } = await bench.governance.admin.virtualKeys.rotate('key', { actor, graceMs: 0 });
    expect([await ask(first), await ask(second), await ask(third)]).toEqual([
      'virtual_key_unknown',
      'virtual_key_unknown',
      'ok',
    ]);
  });

  test('a revoked key is refused at once, and by other replicas within a second', async () => {
    const { bench, first, ask } = await open();
    const other = await GovernanceBench.open({ clock: bench.clock, durable: bench.durable });
    const otherAsk = () => other.handler()(sent({ 'x-api-key': first }), other.context());
    await otherAsk();
    await bench.governance.admin.virtualKeys.revoke('key', { actor });
    expect(await ask(first)).toBe('virtual_key_revoked');
    await bench.clock.advance(500);
    expect((await refusal(otherAsk())).code).toBe('virtual_key_revoked');
  });
});
