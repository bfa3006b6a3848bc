/** Just enough of SVG for a chart: text, and numbers without needless digits. */
export interface Style {
  readonly [attribute: string]: string | number;
}

const PALETTE = { ink: '#1f2933', faint: '#7b8794', grid: '#e4e7eb', paper: '#ffffff' } as const;
const INK = PALETTE.ink;
export const FAINT = PALETTE.faint;
export const GRID = PALETTE.grid;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function text({ x, y }: Point, content: string, style: Style = {}): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes({ fill: INK, ...style })}>${escape(content)}</text>`;
}

export function rect({ x, y }: Point, size: { width: number; height: number }, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(size.width)}" height="${round(size.height)}" fill="${fill}"/>`;
}

export function line(points: readonly Point[], style: Style): string {
  const path = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${path}"${attributes({ fill: 'none', ...style })}/>`;
}

export function svg({ width, height }: { width: number; height: number }, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    rect({ x: 0, y: 0 }, { width, height }, PALETTE.paper),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function attributes(style: Style): string {
  return Object.entries(style)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
