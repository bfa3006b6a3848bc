/** One member of an options interface, as its comment tells of it. */
export interface Option {
  readonly name: string;
  readonly optional: boolean;
  readonly fallback: string | undefined;
  readonly text: string;
}

/**
 * The members of an interface in the source of a file, read as the house writes them: each with a comment above it, which may end
 * in `@default`. Members that it takes over from another interface are not among them.
 * @throws Error where there is no such interface, or a member has no comment
 */
export function optionsOf(source: string, name: string): Option[] {
  const head = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n`, 'm').exec(source);
  if (head === null) throw new Error(`there is no interface ${name}`);
  const from = head.index + head[0].length;
  const body = source.slice(from, source.indexOf('\n}', from) + 1);
  const members = [...body.matchAll(MEMBER)];
  const names = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(<]/gm)].map((match) => match[1]);
  const told = new Set(members.map((match) => match.groups?.['name']));
  const untold = names.find((member) => !told.has(member));
  if (untold !== undefined) throw new Error(`${name}.${untold} has no comment`);
  return members.map((match) => optionOf(match.groups ?? {}));
}

const MEMBER = /^ {2}\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n {2}(?:readonly )?(?<name>\w+)(?<optional>\??)[:(<]/gm;

function optionOf({ comment = '', name = '', optional }: Partial<Record<string, string>>): Option {
  const plain = comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link ([\w.]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const [text = '', fallback] = plain.split(/\s*@default\s*/);
  return { name, optional: optional === '?', fallback, text };
}

/** Defaults that are values, not words about them: literals, names such as `systemClock` and `process.env`, functions. */
const VALUE = /^(?:[\d_.]+|true|false|'.*'|".*"|\{.*\}|\[.*\]|[a-z]+[A-Z]\w*|[a-z]+\.\w+|\(.*=>.*)$/;

export function optionsTable(options: readonly Option[]): string {
  const rows = options.map(({ name, optional, fallback, text }) => {
    const usual = fallback ?? (optional ? 'none' : 'needed');
    return `| \`${name}\` | ${VALUE.test(usual) ? `\`${usual}\`` : escaped(usual)} | ${escaped(text)} |`;
  });
  return ['| option | default | |', '|---|---|---|', ...rows].join('\n');
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
