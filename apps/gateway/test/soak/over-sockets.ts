import { configFromObject } from '@x/config';
import { createSimulator, type SeenRequest } from '@x/simulator';
import { createGateway } from '../../src/gateway.ts';
import { ask } from '../faults/caller.ts';
import { judge } from '../faults/judge.ts';
import { SocketClock } from '../faults/socket-clock.ts';
import { Tally, type SoakReport } from './report.ts';
import { drawFaults, drawVisitors, type SoakOptions, type Visitor } from './traffic.ts';

const PROVIDERS = ['openai', 'anthropic'] as const;

/** The gateway, a simulator and their callers over real sockets, with time that jumps from event to event. */
export async function soakOverSockets(options: SoakOptions): Promise<SoakReport> {
  const clock = new SocketClock(options.seed);
  await clock.quiet();
  const socketsBefore = openSockets();
  const calls: SeenRequest[] = [];
  const simulator = createSimulator(
    {
      seed: options.seed,
      providers: Object.fromEntries(PROVIDERS.map((name) => [name, { latency: { firstTokenMs: 300 } }])),
      faults: drawFaults(PROVIDERS),
    },
    { clock, onRequest: (call) => calls.push(call) },
  );
  const listening = await simulator.listen();
  const providers = Object.fromEntries(
    PROVIDERS.map((name) => {
      const keys = ['one', 'two'].map((value) => ({ name: value, value }));
      return [name, { type: name, baseURL: `${listening.url}/${name}/v1`, allowPrivateNetwork: true, keys }];
    }),
  );
  const server = { timeoutMs: 120_000, drainMs: 0 };
  const gateway = createGateway(configFromObject({ log: { level: 'silent' }, server, providers }, {}), { clock });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  const timersBefore = clock.pending;
  const tally = new Tally();
  const defects: string[] = [];

  const visit = async ({ atMs, dialect, stream, fallback, leavesAfterMs }: Visitor) => {
    await clock.sleep(atMs);
    const other = dialect === 'openai' ? 'anthropic' : 'openai';
    const fallbacks = fallback ? [`${other}/m`] : [];
    const asked = ask({ url, dialect, stream, model: `${dialect}/m`, fallbacks });
    const stay = leavesAfterMs === undefined ? undefined : clock.schedule(leavesAfterMs, asked.leave);
    try {
      const heard = await asked.heard;
      const verdict = judge(heard, dialect, stream);
      if (verdict.got === 'defect' && !heard.complete && leavesAfterMs !== undefined) return tally.add('left');
      if (verdict.got === 'defect') defects.push(verdict.why);
      return tally.add(verdict.got === 'error' ? String(verdict.status) : verdict.got);
    } catch (error) {
      if (leavesAfterMs === undefined) defects.push(String(error));
      return tally.add('left');
    } finally {
      stay?.();
    }
  };
  const visitors = drawVisitors(options);
  await clock.run(Promise.all(visitors.map(visit)), Infinity);
  await clock.advance(10_000);
  const open = Object.values(simulator.stats().providers).reduce((sum, { inFlight }) => sum + inFlight, 0);
  const timers = clock.pending - timersBefore;
  const { inFlight } = gateway;
  await clock.run(gateway.close());
  await listening.close();
  await clock.quiet();
  return {
    requests: visitors.length,
    endings: tally.toRecord(),
    calls: calls.length,
    struck: calls.filter(({ faults }) => faults.length > 0).length,
    faults: new Set(calls.flatMap(({ faults }) => faults)).size,
    left: {
      timers,
      'timers after closing': clock.pending,
      'requests in flight': inFlight,
      'calls at providers': open,
      sockets: openSockets() - socketsBefore,
    },
    defects,
  };
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}
