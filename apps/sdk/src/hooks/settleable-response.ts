import { SettlementSwitch, type Settleable } from '@x/core';

export type SettleableResponse = Response & Settleable;

/** A `Response` that tells the layers which have seen it when its body has been read, has broken or was left. */
export function settleable(response: Response): SettleableResponse {
  const settlement = new SettlementSwitch();
  const { status, statusText, headers } = response;
  const reader = response.body?.getReader();
  if (reader === undefined) settlement.settle({ outcome: 'completed' });
  const body = reader && tracked(reader, settlement);
  return Object.assign(new Response(body ?? null, { status, statusText, headers }), {
    onSettled: settlement.onSettled.bind(settlement),
    async discard(reason?: unknown) {
      if (settlement.settle({ outcome: 'discarded', error: reason })) await reader?.cancel(reason);
    },
  });
}

/** The same stream, chunk by chunk. */
export function tracked<T>(
  reader: ReadableStreamDefaultReader<T>,
  settlement: SettlementSwitch,
  head: readonly T[] = [],
): ReadableStream<T> {
  const ahead = [...head];
  return new ReadableStream<T>({
    async pull(controller) {
      const first = ahead.shift();
      if (first !== undefined) return controller.enqueue(first);
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        settlement.settle({ outcome: 'completed' });
        controller.close();
      } catch (error) {
        settlement.settle({ outcome: 'failed', error });
        controller.error(error);
      }
    },
    async cancel(reason) {
      settlement.settle({ outcome: 'cancelled', error: reason });
      await reader.cancel(reason);
    },
  });
}
