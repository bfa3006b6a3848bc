import type { LanguageModelV4StreamPart, LanguageModelV4StreamResult } from '@ai-sdk/provider';
import { SettlementSwitch, type Settleable } from '@x/core';
import { tracked } from '../hooks/settleable-response.ts';

/** Parts that a reader would not notice. */
const SILENT: ReadonlySet<LanguageModelV4StreamPart['type']> = new Set([
  'stream-start',
  'response-metadata',
  'ping',
  'raw',
  'text-start',
  'reasoning-start',
]);

/**
 * A stream that has begun. The AI SDK resolves at the headers and tells a failure as a part; read up to the first content here, a
 * failure before it is a rejection, which layers can do something about.
 */
export async function committed(
  opening: PromiseLike<LanguageModelV4StreamResult>,
): Promise<LanguageModelV4StreamResult & Settleable> {
  const result = await opening;
  const reader = result.stream.getReader();
  const head: LanguageModelV4StreamPart[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (value.type === 'error') {
      await reader.cancel().catch(() => undefined);
      throw value.error;
    }
    head.push(value);
    if (!SILENT.has(value.type)) break;
  }
  const settlement = new SettlementSwitch();
  return {
    ...result,
    stream: tracked(reader, settlement, head),
    onSettled: settlement.onSettled.bind(settlement),
    async discard(reason) {
      if (settlement.settle({ outcome: 'discarded', error: reason })) await reader.cancel(reason);
    },
  };
}
