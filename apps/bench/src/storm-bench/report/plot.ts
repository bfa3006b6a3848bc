import type { Scenario } from '../scenario.ts';
import { bars, barsHeight } from './bars.ts';
import { lines } from './lines.ts';
import { STEP_SECONDS } from './series.ts';
import type { Summary } from './summary.ts';
import { FAINT, rect, svg, text } from './svg.ts';

/** Told apart by people who see few colours, too (Okabe and Ito, 2008). Ours first. */
const COLOURS = ['#0072b2', '#c3c8ce', '#e69f00', '#d55e00'] as const;
const WIDTH = 1_000;
const LEFT = 290;
const BAR_WIDTH = 320;
const GAP = 50;
const LINES_HEIGHT = 170;

/** Which scenario is shown over time, and beside whom. */
const PLOTTED = { scenario: 'changing-limits', beside: 'rotation on 429' } as const;

/** Goodput and 429s of every scenario, and one scenario over time. */
export function plot(scenarios: readonly Scenario[], summaries: readonly Summary[]): string {
  const names = [...new Set(summaries.map(({ contender }) => contender))];
  const groups = (value: (summary: Summary) => number) =>
    scenarios.map(({ name, title }) => ({
      name: title,
      values: names.map((contender) => {
        const found = summaries.find((summary) => summary.scenario === name && summary.contender === contender);
        return found === undefined ? 0 : value(found);
      }),
    }));
  const top = 90;
  const below = top + barsHeight(scenarios.length) + 34;
  const overTimeHeight = 2 * LINES_HEIGHT + 72;
  const second = LEFT + BAR_WIDTH + GAP;
  return svg({ width: WIDTH, height: below + overTimeHeight }, [
    text({ x: 20, y: 28 }, 'Storm benchmark: simulated providers, virtual time', {
      'font-size': 16,
      'font-weight': 600,
    }),
    ...legend(names),
    ...bars(
      groups(({ goodput }) => goodput),
      { title: 'Goodput, of the ideal', at: { x: LEFT, y: top }, width: BAR_WIDTH, colours: COLOURS, named: true },
    ),
    ...bars(
      groups(({ upstream429s }) => upstream429s),
      { title: '429s, of upstream calls', at: { x: second, y: top }, width: BAR_WIDTH, colours: COLOURS, named: false },
    ),
    ...overTime(scenarios, summaries, below),
  ]);
}

function legend(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const x = LEFT + index * 150;
    return [rect({ x, y: 48 }, { width: 12, height: 12 }, COLOURS[index] ?? FAINT), text({ x: x + 18, y: 58 }, name)];
  });
}

function overTime(scenarios: readonly Scenario[], summaries: readonly Summary[], y: number): string[] {
  const of = (contender: string) =>
    summaries.find((summary) => summary.scenario === PLOTTED.scenario && summary.contender === contender);
  const ours = summaries.find(({ scenario }) => scenario === PLOTTED.scenario);
  const beside = of(PLOTTED.beside);
  const title = scenarios.find(({ name }) => name === PLOTTED.scenario)?.title;
  if (ours === undefined || beside === undefined || title === undefined) return [];
  const frame = { width: WIDTH - 90, height: LINES_HEIGHT, stepSeconds: STEP_SECONDS };
  const [blue, , , red] = COLOURS;
  return [
    ...lines(
      [
        { name: 'ideal', values: ours.series.ideal, colour: FAINT, dashed: true },
        { name: beside.contender, values: beside.series.answered, colour: red },
        { name: ours.contender, values: ours.series.answered, colour: blue },
      ],
      { ...frame, at: { x: 60, y }, title: `Over time, ${title}: answered per second (dashed: the ideal)` },
    ),
    ...lines(
      [
        { name: beside.contender, values: beside.series.refused429s, colour: red },
        { name: ours.contender, values: ours.series.refused429s, colour: blue },
      ],
      {
        ...frame,
        height: LINES_HEIGHT - 60,
        at: { x: 60, y: y + LINES_HEIGHT + 70 },
        title: 'Upstream 429s per second',
      },
    ),
  ];
}
