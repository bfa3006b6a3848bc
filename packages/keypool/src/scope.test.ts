import { createContext, CREDENTIAL, PipelineError, SAME_KEY, type Context } from '@x/core';
import { describe, expect, test } from 'vitest';
import { createPool } from './key-pool.ts';
import { keypool } from './keypool.ts';
import { parseScope, scopeOf } from './scope.ts';

const target = { provider: 'openai', model: 'm' };
const KEYS = [
  { name: 'a', value: 'va', models: ['gpt*'] },
  { name: 'b', value: 'vb', weight: 1 },
  { name: 'c', value: 'vc', weight: 100 },
];

function called(failing: (request: { target: { model: string } }) => PipelineError | undefined = () => undefined) {
  const keys: (string | undefined)[] = [];
  const pool = createPool({ name: 'openai', keys: KEYS, maxWaiting: 0 });
  const layer = keypool({ pools: { openai: pool } })(async (
    request: { target: typeof target; dialect?: string },
    context: Context,
  ) => {
    keys.push(context.get(CREDENTIAL)?.name);
    const error = request.dialect === 'openai.chat' ? undefined : failing(request);
    if (error !== undefined) throw error;
    return 'answer';
  });
  return { keys, layer };
}

test('a scope tells the model that it is of', () => {
  const plain = createContext();
  expect(parseScope(scopeOf({ target }, plain))).toEqual({ model: 'm', sameKey: false });
  const count = scopeOf({ target, dialect: 'anthropic.count_tokens' }, plain);
  expect(count).not.toBe('m');
  expect(parseScope(count)).toEqual({ model: 'm', sameKey: false });
  const same = scopeOf({ target }, createContext({}, SAME_KEY.of(true)));
  expect(parseScope(same)).toEqual({ model: 'm', sameKey: true });
});

describe('calls about what belongs to one key', () => {
  test('all get the first that may be used for them, whatever the weights', async () => {
    const { keys, layer } = called();
    const context = createContext({}, SAME_KEY.of(true));
    for (let count = 0; count < 5; count += 1) await layer({ target }, context);
    expect(keys).toEqual(['b', 'b', 'b', 'b', 'b']);
  });

  test('are not taken to another key when that one fails', async () => {
    const { keys, layer } = called(() => new PipelineError('authentication', 'dead'));
    const context = createContext({}, SAME_KEY.of(true));
    await expect(layer({ target }, context)).rejects.toMatchObject({ kind: 'authentication' });
    expect(keys).toEqual(['b']);
  });
});

test('counting that is refused leaves the model’s answers alone', async () => {
  const { keys, layer } = called(() => new PipelineError('rate_limited', 'slow down', { retryAfterMs: 60_000 }));
  const count = { target, dialect: 'anthropic.count_tokens' };
  await expect(layer(count, createContext())).rejects.toMatchObject({ kind: 'rate_limited' });
  expect(await layer({ target, dialect: 'openai.chat' }, createContext())).toBe('answer');
  expect(keys).toHaveLength(3);
});
