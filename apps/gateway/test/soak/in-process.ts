import { getEventListeners } from 'node:events';
import { assemble, configFromObject } from '@x/config';
import {
  createLlmRequest,
  JsonBody,
  openRequest,
  PipelineError,
  toPipelineError,
  Trail,
  TRAIL,
  type Handler,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type SeenRequest } from '@x/simulator';
import { UNGOVERNED } from '@x/governance';
import { createTelemetry } from '@x/telemetry';
import { gatewayPipeline } from '../../src/pipeline.ts';
import { Tally, type SoakReport } from './report.ts';
import { drawFaults, drawVisitors, type SoakOptions, type Visitor } from './traffic.ts';

const PROVIDERS = ['openai', 'anthropic'] as const;
const TIMEOUT_MS = 120_000;

/** The whole pipeline in process, with a simulator in process, in virtual time. */
export async function soakInProcess(options: SoakOptions): Promise<SoakReport> {
  const clock = new VirtualClock({ seed: options.seed });
  const calls: SeenRequest[] = [];
  const limits = { rpm: 600, burstSeconds: 5 };
  const latency = { firstTokenMs: { type: 'lognormal', p50: 300, p99: 3_000 }, tokensPerSecond: 50 } as const;
  const simulator = createSimulator(
    {
      seed: options.seed,
      providers: Object.fromEntries(PROVIDERS.map((name) => [name, { limits, latency, keys: ['one', 'two'] }])),
      faults: drawFaults(PROVIDERS),
    },
    { clock, onRequest: (call) => calls.push(call) },
  );
  const providers = Object.fromEntries(
    PROVIDERS.map((name) => {
      const keys = ['one', 'two'].map((value) => ({ name: value, value }));
      return [name, { type: name, baseURL: `http://simulated/${name}/v1`, keys }];
    }),
  );
  const config = configFromObject({ log: { level: 'silent' }, providers }, {});
  const telemetry = createTelemetry({ clock });
  const parts = assemble(config, { transport: simulator.transport });
  const handler = gatewayPipeline({ ...parts, telemetry, governance: UNGOVERNED });
  const tally = new Tally();
  const defects: string[] = [];
  const signals: AbortSignal[] = [];

  const visit = async (visitor: Visitor) => {
    await clock.sleep(visitor.atMs);
    const scope = openRequest({ clock, timeoutMs: TIMEOUT_MS }, TRAIL.of(new Trail()));
    const leave = visitor.leavesAfterMs;
    const stay = leave === undefined ? undefined : clock.schedule(leave, () => scope.abort());
    try {
      const outcome = await converse(handler, visitor, scope);
      if (outcome.startsWith('!')) defects.push(outcome);
      tally.add(outcome);
    } finally {
      stay?.();
      scope.close();
      signals.push(scope.context.signal);
    }
  };
  const visitors = drawVisitors(options);
  await clock.run(Promise.all(visitors.map(visit)));
  // What a provider still does behind the end of an answer has some seconds to end.
  await clock.advance(10_000);

  const pools = Object.values(parts.pools).map((pool) => pool.inspect(clock.now()));
  const lanes = pools.flatMap((pool) => pool.lanes.map((lane) => lane.inFlight));
  const open = Object.values(simulator.stats().providers).map(({ inFlight }) => inFlight);
  const result = {
    requests: visitors.length,
    endings: tally.toRecord(),
    calls: calls.length,
    struck: calls.filter(({ faults }) => faults.length > 0).length,
    faults: new Set(calls.flatMap(({ faults }) => faults)).size,
    left: {
      timers: clock.pending,
      listeners: sum(signals.map((signal) => getEventListeners(signal, 'abort').length)),
      lanes: sum(lanes),
      waiting: sum(pools.map(({ waiting }) => waiting)),
      'calls at providers': sum(open),
    },
    defects,
  };
  telemetry.close();
  await parts.close();
  return result;
}

/** How one request ends. A whole answer ends with a full stop, as all of the simulator's do. */
async function converse(
  handler: Handler<LlmRequest, LlmResponse>,
  { dialect, stream, fallback }: Visitor,
  { context }: ReturnType<typeof openRequest>,
): Promise<string> {
  const other = dialect === 'openai' ? 'anthropic' : 'openai';
  const request = createLlmRequest({
    dialect: dialect === 'openai' ? 'openai.chat' : 'anthropic.messages',
    body: JsonBody.of({
      model: `${dialect}/m`,
      max_tokens: 1_000,
      messages: [{ role: 'user', content: 'Summarize this ticket.' }],
      ...(stream && { stream }),
      ...(fallback && { fallbacks: [`${other}/m`] }),
    }),
  });
  try {
    const answer = await handler(request, context);
    if (!answer.stream) return new TextDecoder().decode(answer.body.bytes).includes('."') ? 'answer' : '!a cut answer';
    let text = '';
    for await (const { parts } of answer) for (const part of parts) if (part.type === 'text') text += part.text;
    return text.endsWith('.') && answer.finishReason === 'stop' ? 'answer' : `!a cut stream: ${text.slice(-40)}`;
  } catch (thrown) {
    if (!PipelineError.isInstance(thrown)) return `!${String(thrown)}`;
    const { kind } = toPipelineError(thrown);
    return kind === 'cancelled' ? 'left' : kind;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
