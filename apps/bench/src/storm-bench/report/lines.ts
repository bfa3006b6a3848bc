import { FAINT, GRID, line, text, type Point } from './svg.ts';

export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface LinesOptions {
  readonly title: string;
  readonly at: Point;
  readonly width: number;
  readonly height: number;
  /** Seconds from one value to the next. */
  readonly stepSeconds: number;
}

const HEAD_HEIGHT = 22;
const TICKS = 4;

/** Curves over time, on one scale from 0. */
export function lines(curves: readonly Curve[], options: LinesOptions): string[] {
  const { title, at, width, height, stepSeconds } = options;
  const top = at.y + HEAD_HEIGHT;
  const highest = Math.max(1, ...curves.flatMap(({ values }) => values));
  const unit = niceStep(highest / TICKS);
  const ceiling = Math.ceil(highest / unit) * unit;
  const yOf = (value: number) => top + height * (1 - value / ceiling);
  const parts = [text(at, title, { 'font-weight': 600 })];
  for (let tick = 0; tick <= ceiling; tick += unit) {
    const y = yOf(tick);
    parts.push(
      line(
        [
          { x: at.x, y },
          { x: at.x + width, y },
        ],
        { stroke: GRID },
      ),
    );
    parts.push(text({ x: at.x - 6, y: y + 4 }, String(tick), { fill: FAINT, 'font-size': 10, 'text-anchor': 'end' }));
  }
  const steps = Math.max(...curves.map(({ values }) => values.length));
  const xOf = (step: number) => at.x + (width * step) / steps;
  for (let step = 0; step <= steps; step += 60 / stepSeconds) {
    const place = { x: xOf(step), y: top + height + 16 };
    parts.push(
      text(place, `${(step * stepSeconds) / 60} min`, { fill: FAINT, 'font-size': 10, 'text-anchor': 'middle' }),
    );
  }
  for (const { values, colour, dashed } of curves) {
    const points = values.map((value, step) => ({ x: xOf(step + 0.5), y: yOf(value) }));
    parts.push(line(points, { stroke: colour, 'stroke-width': 1.5, ...(dashed ? { 'stroke-dasharray': '5 4' } : {}) }));
  }
  return parts;
}

/** 1, 2 or 5 times a power of ten, at least as large as asked. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= atLeast) ?? 10);
}
