import { createSimulator } from '@x/simulator';
import { startGateway } from './gateway-under-test.ts';
import { closedLoop } from './load.ts';

export interface StormMemory {
  /** Bytes of live heap after a collection. */
  readonly afterFirst: number;
  readonly atEnd: number;
  /** How much more at the end, as a share. */
  readonly growth: number;
  readonly answered: number;
  readonly requests: number;
  /** 429s that the providers sent meanwhile. */
  readonly upstream429s: number;
}

const WARM = 2_000;

/** Live memory of the gateway after the first 2,000 and after 10,000 requests of one long storm. */
export async function stormMemory(requests = 10_000): Promise<StormMemory> {
  const limits = { rpm: 15_000, burstSeconds: 2 };
  const simulator = createSimulator({ providers: { openai: { limits, keys: ['one', 'two'] }, other: { limits } } });
  const { url, close } = await simulator.listen();
  const keys = [
    { name: 'one', value: 'one' },
    { name: 'two', value: 'two' },
  ];
  const providers = {
    openai: { type: 'openai-compatible', baseURL: `${url}/openai/v1`, allowPrivateNetwork: true, keys },
    other: {
      type: 'openai-compatible',
      baseURL: `${url}/other/v1`,
      allowPrivateNetwork: true,
      keys: [{ name: 'other', value: 'any' }],
    },
  };
  const gateway = await startGateway({ providers, log: { level: 'warn' } });
  const body = JSON.stringify({
    model: 'openai/gpt-4o-mini',
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
    fallbacks: ['other/gpt-4o-mini'],
  });
  const load = { url: `${gateway.url}/v1/chat/completions`, body, connections: 200 };
  const first = await closedLoop({ ...load, requests: WARM });
  const { heapBytes: afterFirst } = await gateway.child.memory();
  const rest = await closedLoop({ ...load, requests: requests - WARM });
  const { heapBytes: atEnd } = await gateway.child.memory();
  const upstream429s = Object.values(simulator.stats().providers).reduce(
    (sum, { rateLimited }) => sum + rateLimited,
    0,
  );
  await gateway.stop();
  await close();
  const answered = first.answered + rest.answered;
  return { afterFirst, atEnd, growth: atEnd / afterFirst - 1, answered, requests, upstream429s };
}
