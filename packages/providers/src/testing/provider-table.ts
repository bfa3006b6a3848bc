import { PROVIDER_DEFAULTS, type ProviderDefaults } from '../defaults/provider-defaults.ts';
import { DEFAULT_QUIRKS, type HostQuirks } from '../dialects/quirks.ts';

/** The table of known providers for the README, from the data. */
export function providerTable(): string {
  const rows = Object.entries<ProviderDefaults>(PROVIDER_DEFAULTS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, row]) => [
      `\`${name}\``,
      row.surfaces.map(({ dialect }) => `\`${dialect}\``).join(', '),
      row.baseURL === undefined ? `your own${variable(row.baseURLEnv)}` : row.baseURL,
      row.keyEnv === undefined ? 'none needed' : `\`${row.keyEnv}\``,
      describeQuirks({ ...DEFAULT_QUIRKS, ...row.quirks }),
      row.quirks.lacks?.join(', ') ?? '',
    ]);
  const head = ['name', 'speaks', 'address', 'key', 'differs in', 'lacks'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function variable(name: string | undefined): string {
  return name === undefined ? '' : `, or \`${name}\``;
}

function describeQuirks(quirks: HostQuirks): string {
  const { maxTokensField, onlyMaxTokensField, streamOptions, maxStops, toolIdLength } = quirks;
  const facts = [
    maxTokensField === DEFAULT_QUIRKS.maxTokensField ? '' : `\`${maxTokensField}\``,
    onlyMaxTokensField ? `\`${maxTokensField}\` alone` : '',
    streamOptions ? '' : 'no `stream_options`',
    maxStops === Infinity ? '' : `${maxStops} stop sequences`,
    toolIdLength === undefined ? '' : `ids of tool calls have ${toolIdLength} characters`,
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}
