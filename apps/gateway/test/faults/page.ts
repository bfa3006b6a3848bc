import { FAULTS, type FaultDescription } from '@x/simulator';
import type { CallerDialect } from './caller.ts';
import { dialectsOf } from './matrix.ts';
import { SETTINGS, type CellResult, type Setting } from './run-cell.ts';

/** Where the page is, from the root of the repository. */
export const PAGE = 'docs/faults.md';

const INTRODUCTION = [
  '# Faults',
  '',
  'What the gateway makes of each fault of `@x/simulator`. Written by `npm run faults`, which sends every one through the whole gateway',
  'over real sockets, in virtual time; a test does the same and compares. Each row is a provider that is struck at **each** call, asked',
  'for an answer in one piece and for a stream: without a fallback, with one, and without one but struck only once.',
  '',
  '| word | |',
  '|---|---|',
  '| `answer` | complete, checked to the last word |',
  '| `429`, `502`, ... | one error of that status in the dialect of the caller, which says whether and when to come back |',
  '| `broken` | content, then an error event and no normal end: what has been sent cannot be taken back |',
  '| `fallback` | a complete answer by the next target |',
  '| `(3)` | calls that the struck provider got, where it was more than one |',
  '',
  'Two results are those of the whole answer and of the stream. Every cell is also checked from the side of the provider: no call sooner',
  'than it asked, none without a pause, no more than its kind of failure allows, and none, nor anything else left, once the caller is gone.',
];

/** The matrix as a page. No figure in it depends on the machine. */
export function renderPage(results: readonly CellResult[]): string {
  const section = (title: string, faults: readonly FaultDescription[]) => [
    '',
    `## ${title}`,
    '',
    '| fault | what it does | expected | alone | with a fallback | once |',
    '|---|---|---|---|---|---|',
    ...faults.map((fault) =>
      row(
        fault,
        results.filter(({ cell }) => cell.fault === fault),
      ),
    ),
  ];
  const providers = [...new Set(FAULTS.map(({ provider }) => provider))].filter((name) => name !== undefined);
  const lines = [
    ...INTRODUCTION,
    '',
    `${FAULTS.length} faults, ${results.length} cells.`,
    ...section(
      'At any provider, in both dialects',
      FAULTS.filter(({ provider }) => provider === undefined),
    ),
    ...providers.flatMap((name) =>
      section(
        `In the words of ${name}`,
        FAULTS.filter(({ provider }) => provider === name),
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function row(fault: FaultDescription, results: readonly CellResult[]): string {
  const { whole, stream } = fault.expects;
  const expected = whole === stream ? whole : `${whole} / ${stream}`;
  const cells = SETTINGS.map((setting) => settingText(fault, setting, results));
  return `| \`${fault.name}\` | ${[fault.does, expected, ...cells].map(escaped).join(' | ')} |`;
}

function settingText(fault: FaultDescription, setting: Setting, results: readonly CellResult[]): string {
  const of = (dialect: CallerDialect) => {
    const [whole = '', stream = ''] = [false, true].map((streamed) => {
      const found = results.find(
        ({ cell }) => cell.setting === setting && cell.dialect === dialect && cell.stream === streamed,
      );
      return found === undefined ? '?' : resultText(found);
    });
    return whole === stream ? whole : `${whole} / ${stream}`;
  };
  const texts = dialectsOf(fault).map(of);
  return new Set(texts).size === 1
    ? (texts[0] ?? '')
    : dialectsOf(fault)
        .map((name, index) => `${name}: ${texts[index]}`)
        .join('; ');
}

function resultText({ cell, verdict, primary }: CellResult): string {
  const calls = primary.length > 1 ? ` (${primary.length})` : '';
  switch (verdict.got) {
    case 'answer':
      return `${verdict.by === 'spare' ? 'fallback' : 'answer'}${calls}`;
    case 'error':
      return `${verdict.status}${calls}`;
    case 'broken':
      return `broken${calls}`;
    case 'defect':
      return `DEFECT in ${cell.dialect}`;
  }
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
