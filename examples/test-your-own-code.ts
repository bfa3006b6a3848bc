// Testing one's own code: a bad hour at the provider passes in milliseconds, the same each time, with no key and no network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@x/core/testing';
import { createClient, type Client } from '@x/sdk';
import { createSimulator, type FaultRule } from '@x/simulator';

/** The code under test. */
async function summarize(client: Client, tickets: readonly string[]): Promise<string[]> {
  const model = 'openai/gpt-4o-mini';
  const ask = async (content: string) => (await client.chat({ model, messages: [{ role: 'user', content }] })).text;
  return Promise.all(tickets.map((ticket) => ask(`Summarize: ${ticket}`)));
}

function bench(faults: FaultRule[] = []) {
  const clock = new VirtualClock();
  const limits = { rpm: 60, burstSeconds: 1 };
  const simulator = createSimulator({ providers: { openai: { limits } }, faults, seed: 7 }, { clock });
  const openai = { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] };
  const client = createClient({ openai }, { transport: simulator.transport, clock });
  return { clock, simulator, client };
}

await test('25 tickets, at one a second', async () => {
  const { clock, client } = bench();
  const began = clock.now();
  const summaries = await clock.run(() =>
    summarize(
      client,
      Array.from({ length: 25 }, (_, at) => `ticket ${at}`),
    ),
  );
  assert.equal(summaries.filter((text) => text !== '').length, 25);
  assert.ok(clock.now() - began > 20_000, 'it waits for room instead of failing');
});

await test('a provider that is down for ten seconds', async () => {
  const { clock, client, simulator } = bench([{ name: 'overloaded_529', when: { until: 10_000 } }]);
  await clock.run(() => summarize(client, ['one']));
  assert.ok(Number(simulator.stats().providers['openai']?.requests) < 20, 'it does not hammer');
});
