import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

interface Written {
  readonly groups: number[][];
  readonly commits: GroupCommit<number>;
  /** Lets the write that is under way finish. */
  finish(): void;
}

function commits(maxRows?: number, failing: (rows: readonly number[]) => unknown = () => undefined): Written {
  const groups: number[][] = [];
  let finish = () => undefined as void;
  const write = async (rows: readonly number[]) => {
    groups.push([...rows]);
    await new Promise<void>((resolve) => (finish = resolve));
    const error = failing(rows);
    if (error !== undefined) throw error;
    return Math.max(...rows);
  };
  const isRowFault = (error: unknown) => error === 'row';
  return {
    groups,
    commits: new GroupCommit({ write, isRowFault, ...(maxRows === undefined ? {} : { maxRows }) }),
    finish: () => finish(),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a group commit', () => {
  it('writes what comes in one turn together, and what comes meanwhile after it', async () => {
    const { groups, commits: all, finish } = commits();
    const first = [all.append([1]), all.append([2, 3])];
    await turn();
    const second = [all.append([4]), all.append([5])];
    await turn();
    expect(groups).toEqual([[1, 2, 3]]);
    finish();
    expect(await Promise.all(first)).toEqual([3, 3]);
    finish();
    expect(await Promise.all(second)).toEqual([5, 5]);
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    await all.idle();
  });

  it('keeps to the size of a group, but never splits what was given together', async () => {
    const { groups, commits: all, finish } = commits(2);
    const done = Promise.all([all.append([1, 2, 3]), all.append([4]), all.append([5]), all.append([6])]);
    for (let round = 0; round < 3; round += 1) {
      await turn();
      finish();
      await turn();
    }
    await done;
    expect(groups).toEqual([[1, 2, 3], [4, 5], [6]]);
  });

  it('finds out whose row it was that could not be written', async () => {
    const { groups, commits: all, finish } = commits(10, (rows) => (rows.includes(2) ? 'row' : undefined));
    const done = Promise.allSettled([all.append([1]), all.append([2]), all.append([3])]);
    for (let round = 0; round < 4; round += 1) {
      await turn();
      finish();
      await turn();
    }
    expect((await done).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(groups).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('tells all of them of a fault that is nobody’s', async () => {
    const { groups, commits: all, finish } = commits(10, () => 'disk full');
    const done = Promise.allSettled([all.append([1]), all.append([2])]);
    await turn();
    finish();
    expect((await done).every((result) => result.status === 'rejected' && result.reason === 'disk full')).toBe(true);
    expect(groups).toEqual([[1, 2]]);
  });
});
