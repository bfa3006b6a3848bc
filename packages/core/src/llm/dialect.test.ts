import { expect, test } from 'vitest';
import { DIALECTS, operationOf } from './dialect.ts';

test('each dialect is for one operation, and what names none is a chat', () => {
  const operations = new Map<string, number>();
  for (const dialect of DIALECTS) {
    const operation = operationOf(dialect);
    operations.set(operation, (operations.get(operation) ?? 0) + 1);
  }
  expect(Object.fromEntries(operations)).toEqual({ chat: 6, embeddings: 6, count_tokens: 4, rest: 1 });
  expect([undefined, 'constructor', 'other'].map(operationOf)).toEqual(['chat', 'chat', 'chat']);
});
