import { readFileSync } from 'node:fs';
import { FAULTS, type FaultName } from '@x/simulator';
import { describe, expect, test } from 'vitest';
import { checkCell } from '../../test/faults/check-cell.ts';
import { CELLS, cellsOf } from '../../test/faults/matrix.ts';
import { PAGE, renderPage } from '../../test/faults/page.ts';
import { runCell, type CellResult } from '../../test/faults/run-cell.ts';

const results: CellResult[] = [];

describe('every fault, through the whole gateway, over real sockets', () => {
  test.each(FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    for (const cell of cellsOf(fault)) {
      const result = await runCell(cell);
      results.push(result);
      const { dialect, stream, setting } = cell;
      expect(checkCell(result), `${dialect}, ${stream ? 'streamed' : 'whole'}, ${setting}`).toEqual([]);
    }
  });

  test('the page in docs is what came of it: after a change, `npm run faults` writes it anew', () => {
    const page = readFileSync(new URL(`../../../../${PAGE}`, import.meta.url), 'utf8');
    expect(renderPage(results)).toBe(page);
  });
});

test('the catalogue is as large as was promised', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40);
  expect(CELLS.length).toBeGreaterThanOrEqual(160);
});

describe('the checks see what is wrong', () => {
  const good = async (name: FaultName) => {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault === undefined) throw new Error(name);
    return runCell({ fault, dialect: 'openai', stream: true, setting: 'alone' });
  };

  test('a cut answer that is called complete', async () => {
    const result = await good('cut_stream');
    expect(checkCell({ ...result, verdict: { got: 'answer', by: 'openai', text: 'Half of' } })).not.toEqual([]);
  });

  test('a hint that was not waited for, and a call too many', async () => {
    const result = await good('rate_limit_seconds');
    const early = result.primary.map((call, index) => ({ ...call, at: call.at - index * 1_500 }));
    expect(checkCell({ ...result, primary: early })).not.toEqual([]);
    const many = [...result.primary, ...result.primary];
    expect(checkCell({ ...result, primary: many }).join()).toContain('more than 8');
  });

  test('another fault than the one that was simulated', async () => {
    const result = await good('openai_invalid_key');
    const fault = FAULTS.find(({ name }) => name === 'server_error_500') ?? result.cell.fault;
    expect(checkCell({ ...result, cell: { ...result.cell, fault } })).not.toEqual([]);
  });
});
