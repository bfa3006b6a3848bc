import { expectTypeOf, test } from 'vitest';
import { createClient, type ChatResult, type ChatStream, type Client, type LocalClient } from './index.ts';

test('a client is of its kind, and both have the same calls', () => {
  expectTypeOf(createClient({ openai: { keys: [] } })).toEqualTypeOf<LocalClient>();
  expectTypeOf(createClient({ baseURL: 'http://gateway', key: 'env.KEY' })).toEqualTypeOf<Client>();
  expectTypeOf<LocalClient>().toExtend<Client>();
  expectTypeOf<Client['chat']>().returns.resolves.toEqualTypeOf<ChatResult>();
  expectTypeOf<Client['stream']>().returns.resolves.toEqualTypeOf<ChatStream>();
});

test('what goes back in the next turn fits', () => {
  type Message = Parameters<Client['chat']>[0]['messages'][number];
  expectTypeOf<ChatResult['message']>().toExtend<Message>();
});

test('members without a name are allowed, and streaming is chosen by the call', () => {
  type Request = Parameters<Client['chat']>[0];
  expectTypeOf<{ model: string; messages: []; temperature: number }>().toExtend<Request>();
  expectTypeOf<{ model: string; messages: []; stream: true }>().not.toExtend<Request>();
});
