import { chatRequest, chatStream, contract } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { createTelemetry } from './telemetry.ts';

for (const name of ['request', 'attempt'] as const) {
  describe(`${name} telemetry`, () => {
    const subject = { request: () => chatRequest(), respond: () => chatStream() };
    const cases = contract({ ...subject, layer: () => createTelemetry({ log: () => undefined })[name]() });
    test.each(cases)('$name', ({ run }) => expect(run()).resolves.toBeUndefined());
  });
}
