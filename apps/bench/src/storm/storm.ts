import { SIMULATED_PROVIDERS, type SimulatorStats } from '@x/simulator';
import { request } from 'undici';
import { quantile, table } from '../table.ts';
import { send, type Burst, type Caller, type Outcome } from './burst.ts';
import type { StormSite } from './find-gateway.ts';

const MESSAGES = [{ role: 'user', content: 'Summarize this ticket.' }];
const CHAIN = [
  'openai/gpt-4o-mini',
  'anthropic/claude-3-5-sonnet-20241022',
  'bedrock/anthropic.claude-3-sonnet-20240229-v1:0',
] as const;
const [MODEL, ...FALLBACKS] = CHAIN;

/** Requests per second that the simulated keys allow for the chain, all providers together. */
export const ALLOWED = Object.values(SIMULATED_PROVIDERS).reduce(
  (sum, { keys, limits }) => sum + (keys.length * limits.rpm) / 60,
  0,
);

export interface StormResult {
  readonly outcome: Outcome;
  /** 429s that the providers sent. */
  readonly upstream429s: number;
}

/** Straight to the simulated provider, as an application with a key and no retries would. */
export function straight({ simulator }: StormSite): Caller {
  const { keys } = SIMULATED_PROVIDERS.openai;
  return {
    url: `${simulator}/openai/v1/chat/completions`,
    headers: (index) => ({ authorization: `Bearer ${keys[index % keys.length]?.value}` }),
    body: JSON.stringify({ model: MODEL.slice(MODEL.indexOf('/') + 1), messages: MESSAGES }),
    servedBy: () => 'openai',
  };
}

export function throughGateway({ gateway }: StormSite): Caller {
  return {
    url: `${gateway}/v1/chat/completions`,
    headers: () => ({}),
    body: JSON.stringify({ model: MODEL, messages: MESSAGES, fallbacks: FALLBACKS }),
    servedBy: (answer) => (answer as { extra_fields: { provider: string } }).extra_fields.provider,
  };
}

/** One burst against providers whose limits are full again. */
export async function run(
  site: StormSite,
  caller: Caller,
  burst: Burst,
  onProgress: (outcome: Outcome) => void,
): Promise<StormResult> {
  await request(`${site.simulator}/_simulator/reset`, { method: 'POST' });
  const outcome = await send(caller, burst, onProgress);
  const { body } = await request(`${site.simulator}/_simulator/stats`);
  const { providers } = (await body.json()) as SimulatorStats;
  const upstream429s = Object.values(providers).reduce((sum, { rateLimited }) => sum + rateLimited, 0);
  return { outcome, upstream429s };
}

export function report(straightResult: StormResult, gatewayResult: StormResult): string {
  const both = [straightResult, gatewayResult];
  const row = (name: string, cell: (result: StormResult) => string) => [name, ...both.map(cell)];
  return table([
    ['', 'straight to the provider', 'through the gateway'],
    row('requests', ({ outcome }) => String(outcome.sent)),
    row('answered', ({ outcome }) => String(outcome.answered)),
    row('failed', ({ outcome }) => String(outcome.failed)),
    row('429s that providers sent', ({ upstream429s }) => String(upstream429s)),
    row('429s that the caller saw', ({ outcome }) => String(outcome.rateLimited)),
    row('served by', ({ outcome }) => [...outcome.servedBy].map(([name, count]) => `${name} ${count}`).join(', ')),
    row('p50', ({ outcome }) => seconds(outcome, 0.5)),
    row('p99', ({ outcome }) => seconds(outcome, 0.99)),
  ]);
}

function seconds({ latencies }: Outcome, q: number): string {
  return `${(
    quantile(
      latencies.toSorted((a, b) => a - b),
      q,
    ) / 1_000
  ).toFixed(2)} s`;
}
