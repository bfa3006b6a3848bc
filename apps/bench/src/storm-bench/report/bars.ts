import { FAINT, GRID, line, rect, text, type Point } from './svg.ts';

export interface BarGroup {
  readonly name: string;
  /** From 0 to 1, one for each colour. */
  readonly values: readonly number[];
}

export interface BarsOptions {
  readonly title: string;
  readonly at: Point;
  readonly width: number;
  readonly colours: readonly string[];
  /** The names of the groups stand to the left of the first chart only. */
  readonly named: boolean;
}

const GROUP_HEIGHT = 44;
const BAR_HEIGHT = 8;
const HEAD_HEIGHT = 34;

export function barsHeight(groups: number): number {
  return HEAD_HEIGHT + groups * GROUP_HEIGHT;
}

/** Horizontal bars in groups, on a scale from 0 to 100 %. */
export function bars(groups: readonly BarGroup[], { title, at, width, colours, named }: BarsOptions): string[] {
  const parts = [text(at, title, { 'font-weight': 600 })];
  const top = at.y + HEAD_HEIGHT - 12;
  const bottom = at.y + barsHeight(groups.length) - 12;
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const x = at.x + share * width;
    parts.push(
      line(
        [
          { x, y: top },
          { x, y: bottom },
        ],
        { stroke: GRID },
      ),
    );
    parts.push(text({ x, y: top - 4 }, `${100 * share} %`, { fill: FAINT, 'font-size': 10, 'text-anchor': 'middle' }));
  }
  for (const [index, { name, values }] of groups.entries()) {
    const y = top + 6 + index * GROUP_HEIGHT;
    if (named) parts.push(text({ x: at.x - 10, y: y + 20 }, name, { 'text-anchor': 'end' }));
    for (const [bar, value] of values.entries()) {
      const from = { x: at.x, y: y + bar * BAR_HEIGHT };
      const length = Math.max(0.5, Math.min(1, value) * width);
      parts.push(rect(from, { width: length, height: BAR_HEIGHT - 1 }, colours[bar] ?? FAINT));
    }
  }
  return parts;
}
