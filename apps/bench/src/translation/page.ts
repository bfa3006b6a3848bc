import type { PairCost } from './measure.ts';
import type { Cost } from './side-by-side.ts';

/** Times of parsing the same JSON and writing it again. */
export const GOAL = 3;

const TABLES = [
  ['request', 'A request', 'from the caller, in a row, to the provider, in a column'],
  ['answer', 'A whole answer', 'from the provider, in a column, to the caller, in a row'],
  ['event', 'An event of a stream', 'the same way'],
] as const satisfies readonly (readonly [keyof PairCost, string, string])[];

export function page(costs: readonly PairCost[], machine: string): string {
  const worst = (of: (typeof TABLES)[number][0]) => Math.max(...translated(costs).map((pair) => pair[of].ratio));
  return `${[
    '# What a translation costs',
    '',
    'Made by `npm run bench:translation`. Microseconds from the bytes that arrive to the bytes that leave, and in brackets how many times',
    'as long as `JSON.parse` and `JSON.stringify` of what arrived. Where caller and provider speak the same, in italics, bytes pass',
    'through. Ratios carry over to other machines, about; microseconds do not.',
    '',
    `The goal is at most ${GOAL} times. Worst are ${TABLES.map(([of, title]) => `${worst(of).toFixed(1)} for ${title.toLowerCase()}`).join(', ')}.`,
    '',
    'Asked is a conversation of 25 messages with six tool calls and four tools; the answer has 500 tokens, word by word where it is streamed.',
    ...TABLES.flatMap(([of, title, way]) => [
      '',
      `## ${title}`,
      '',
      `${way[0]?.toUpperCase()}${way.slice(1)}.`,
      '',
      ...matrix(costs, of),
    ]),
    '',
    machine,
  ].join('\n')}\n`;
}

export function translated(costs: readonly PairCost[]): PairCost[] {
  return costs.filter(({ caller, provider }) => caller !== provider);
}

function matrix(costs: readonly PairCost[], of: (typeof TABLES)[number][0]): string[] {
  const names = [...new Set(costs.map(({ provider }) => provider.speaker.dialect))];
  const rows = names.map((caller) => [
    `\`${caller}\``,
    ...names.map((provider) => {
      const pair = costs.find(
        (each) => each.caller.speaker.dialect === caller && each.provider.speaker.dialect === provider,
      );
      return pair === undefined ? '' : cell(pair[of], caller === provider);
    }),
  ]);
  const head = ['', ...names.map((name) => `\`${name}\``)];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function cell({ us, ratio }: Cost, same: boolean): string {
  const text = `${us.toFixed(us < 10 ? 2 : 1)} (${ratio.toFixed(1)})`;
  return same ? `*${text}*` : text;
}
