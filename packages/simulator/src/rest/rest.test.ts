import { createContext } from '@x/core';
import { expect, test } from 'vitest';
import { read, type Told } from '../../test/harness.ts';
import { createSimulator } from '../simulator.ts';

const KEYS = ['one', 'two'].map((name) => ({ name, value: name }));

function desk(config = {}) {
  const { transport } = createSimulator({ providers: { openai: { keys: KEYS, models: ['gpt-4o'], ...config } } });
  return async (line: string, body?: string | object, key = 'one', type = 'application/json'): Promise<Told> => {
    const [method = '', path = ''] = line.split(' ');
    const request = {
      method,
      url: `http://simulator/openai/v1${path}`,
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    return read(await transport(request, createContext()));
  };
}

const FORM = 'multipart/form-data; boundary=b';
const form = (purpose: string) =>
  `--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\n${purpose}\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\ncontent-type: text/plain\r\n\r\n{"a":1}\r\n--b--\r\n`;

test('a file belongs to the key that it was uploaded with', async () => {
  const ask = desk();
  const { status, text } = await ask('POST /files', form('batch'), 'one', FORM);
  expect(status).toBe(200);
  const { id } = JSON.parse(text) as { id: string };
  expect(JSON.parse(text)).toMatchObject({ object: 'file', bytes: 7, filename: 'a.jsonl', purpose: 'batch' });
  expect((await ask(`GET /files/${id}/content`)).text).toBe('{"a":1}');
  expect((await ask(`GET /files/${id}`, undefined, 'two')).status).toBe(404);
  const batch = { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  expect((await ask('POST /batches', batch, 'two')).status).toBe(400);
  expect(JSON.parse((await ask('POST /batches', batch)).text)).toMatchObject({ object: 'batch', input_file_id: id });
  expect(JSON.parse((await ask(`DELETE /files/${id}`)).text)).toMatchObject({ deleted: true });
  expect(JSON.parse((await ask('GET /files')).text)).toMatchObject({ data: [] });
});

test('endpoints with a model have it checked, limited and charged as a chat has', async () => {
  const ask = desk({ limits: { rpm: 1 } });
  const image = { model: 'gpt-4o', prompt: 'a cat' };
  expect((await ask('POST /images/generations', { ...image, model: 'other' })).status).toBe(404);
  expect((await ask('POST /images/generations', image)).status).toBe(200);
  expect((await ask('POST /images/generations', image)).status).toBe(429);
  expect((await ask('POST /images/generations', image, 'nobody')).status).toBe(401);
});

test.each(['POST /files', 'POST /audio/transcriptions'])('%s with a form that is cut is refused', async (line) => {
  expect((await desk()(line, form('batch').slice(0, -9), 'one', FORM)).status).toBe(400);
});
