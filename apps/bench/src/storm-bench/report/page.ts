import { NETWORK_MS, PATIENCE_MS, type Scenario } from '../scenario.ts';
import type { Summary } from './summary.ts';
import { BOUND_HEAD, boundCells, RUN_HEAD, runCells } from './text.ts';

export interface PageInit {
  readonly scenarios: readonly Scenario[];
  readonly summaries: readonly Summary[];
  readonly seed: number;
  /** The run over real HTTP; absent when it was left out. */
  readonly http: Summary | undefined;
}

/** docs/benchmarks/storm.md */
export function page({ scenarios, summaries, seed, http }: PageInit): string {
  const ofScenario = (name: string) => summaries.filter(({ scenario }) => scenario === name);
  const parts = [
    '# Storm benchmark',
    `What callers and providers see when traffic exceeds the limits of keys. Made by \`npm run bench:storm\`, seed ${seed}.`,
    '![Goodput and 429s of every scenario, and one over time](storm.svg)',
    HOW,
    '## What must be reached',
    markdown([
      ['scenario', ...BOUND_HEAD],
      ...scenarios.flatMap(({ name, title }) =>
        ofScenario(name).flatMap(({ bounds }) =>
          bounds.map((bound, index) => [index === 0 ? title : '', ...boundCells(bound)]),
        ),
      ),
    ]),
    '## Beside what people do today',
    ...scenarios.flatMap(({ name, title }) => {
      const found = ofScenario(name);
      const requests = found[0]?.requests.toLocaleString('en') ?? '';
      return [`**${title}** (\`${name}\`, ${requests} requests)`, markdown([RUN_HEAD, ...found.map(runCells)])];
    }),
  ];
  if (http !== undefined) {
    parts.push(
      '## Over real HTTP',
      'The gateway as a process of its own, the simulator behind it, both over sockets and in real time: 0.95 of capacity with ' +
        'bursts of 10 times the mean, for half a minute. Unlike the rest, no two runs are the same.',
      markdown([RUN_HEAD, runCells(http)]),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

const HOW = `Simulated providers in process and in virtual time: the same seed gives the same figures on any machine. Requests arrive whether or
not earlier ones have been answered. A caller's request may wait ${PATIENCE_MS / 1_000} s for room. No limit is configured anywhere: what the
pipeline knows of limits it has learned. A call is ${NETWORK_MS / 2} to ${NETWORK_MS * 1.5} ms on its way, so calls overtake each other and a header describes
a provider that has moved on; \`--network-ms 0\` shows the same without a network, \`--seed\` with other traffic.

- **goodput**: requests answered, of those that the keys' buckets could have served with every level known in advance. Both are counted while requests arrive.
  The ideal serves in order of arrival, so where requests differ in size it can be beaten by a little.
- **429s upstream**: of all upstream calls. **429s to callers**: refusals for lack of room that reach a caller.
- **wait**: from a request's arrival to the call that answered it. **hung**: neither answered nor refused.
- **no retry**: one call with a key by weighted chance. **backoff, one key**: a key by weighted chance, two retries on it after 0.5 s doubled, with jitter and
  not before the provider's hint. **rotation on 429**: a key by weighted chance, after a 429 another one, then the next target.`;

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
