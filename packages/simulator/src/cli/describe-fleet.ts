import type { SimulatorConfig } from '../options.ts';

/** What is printed at the start. Keys are shown in full: they open nothing but this simulator. */
export function describeFleet(url: string, { providers }: SimulatorConfig): string {
  const lines = Object.entries(providers).map(([name, { keys }]) => {
    const values = keys?.map((key) => (typeof key === 'string' ? key : (key.value ?? key.name))) ?? ['any key'];
    return `  ${url}/${name}/v1  ${values.join(' ')}\n`;
  });
  return `x-simulator listens on ${url}\n${lines.join('')}`;
}
