import { SHORTHAND_NAMES } from '../schema/config-schema.ts';
import { configJsonSchema } from '../schema/json-schema.ts';

/** What this table looks at of a JSON schema. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

interface Member {
  readonly path: string;
  readonly schema: Schema;
  readonly needed: boolean;
}

/** What stands for a name in a record, where it is not just any. */
const NAMES: Readonly<Record<string, string>> = {
  chains: '<provider/model>',
  models: '<provider/model>',
  'providers.<name>.models': '<model>',
  'streams.routes': '<provider/model>',
  'fallback.moveOnAfterByModel': '<provider/model>',
  'governance.customers': '<id>',
  'governance.teams': '<id>',
  'governance.virtualKeys': '<id>',
};

/** Members that are as others of the file, and are told in a line. */
const SAME: Readonly<Record<string, string>> = {
  'models.<provider/model>': 'As `providers.<name>.models.<model>`, for models of any provider.',
  'governance.unknownPrice':
    'What to do where nobody knows what a model costs. A price, as that of a model, or one of these:',
  'governance.customers.<id>': 'As a virtual key, without key, team, customer, time and providers.',
  'governance.teams.<id>': 'As a customer, and `customer`: whose team it is.',
  'governance.virtualKeys.<id>.deny': 'As `allow`: what may not be used, whatever is allowed.',
  'governance.virtualKeys.<id>.providers.<name>.budgets': 'As those of the key.',
  'governance.virtualKeys.<id>.providers.<name>.limits': 'As those of the key.',
};

/** Every member of the configuration file for the README, from its schema. */
export function membersTable(): string {
  const root = configJsonSchema() as Schema;
  const rows = membersOf(root, '', root).map(({ path, schema, needed }) => {
    const [text = '', said] = (schema.description ?? '').split(/\s*Default: /);
    const fallback = schema.default === undefined ? said?.replace(/\.$/, '') : `\`${JSON.stringify(schema.default)}\``;
    const usual = fallback?.includes('<') ? `\`${fallback}\`` : fallback;
    // What follows is for this kind alone.
    const kind = schema.const === undefined ? '' : ', with:';
    const cells = [`\`${path}\``, usual ?? (needed ? 'needed' : 'none'), `${text} ${wordsOf(schema)}${kind}`];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return ['| member | default | |', '|---|---|---|', ...rows].join('\n');
}

function membersOf(schema: Schema, path: string, root: Schema): Member[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, found]) => {
    if (path === '' && (SHORTHAND_NAMES as readonly string[]).includes(name)) return [];
    const member = resolved(found, root);
    const at = path === '' ? name : `${path}.${name}`;
    const same = SAME[at];
    const needed = schema.required?.includes(name) === true;
    if (same !== undefined) return [{ path: at, schema: { ...member, description: same }, needed }];
    const inner = innerOf(member, at, root);
    return inner.length === 0 || isChoice(member) ? [{ path: at, schema: member, needed }, ...inner] : inner;
  });
}

/** What is inside a member: of an object, of each entry of a record, of each item of a list, of each kind of a union. */
function innerOf(schema: Schema, path: string, root: Schema): Member[] {
  const { items, additionalProperties: entry } = schema;
  const members = membersOf(schema, path, root);
  for (const kind of kindsOf(schema)) members.push(...innerOf(resolved(kind, root), path, root));
  if (items !== undefined) members.push(...innerOf(resolved(items, root), `${path}[]`, root));
  if (typeof entry !== 'object') return members;
  const each = `${path}.${NAMES[path] ?? '<name>'}`;
  const same = SAME[each];
  if (same !== undefined) return [...members, { path: each, schema: { description: same }, needed: false }];
  return [...members, ...innerOf(resolved(entry, root), each, root)];
}

function kindsOf({ anyOf = [], oneOf = [] }: Schema): readonly Schema[] {
  return [...anyOf, ...oneOf];
}

/** Something may stand there that is no object. */
function isChoice(schema: Schema): boolean {
  return kindsOf(schema).some((kind) => kind.enum !== undefined || kind.const !== undefined);
}

/** Names of all known providers would be a page. */
const MOST_WORDS = 12;

function wordsOf(schema: Schema): string {
  const words = [schema, ...kindsOf(schema), schema.items ?? {}].flatMap(({ enum: names = [], const: only }) =>
    only === undefined ? names : [only],
  );
  return words.length > MOST_WORDS ? '' : words.map((word) => `\`${String(word)}\``).join(', ');
}

function resolved(schema: Schema, root: Schema): Schema {
  const { $ref } = schema;
  return $ref === undefined ? schema : { ...root.$defs?.[$ref.replace('#/$defs/', '')], ...schema };
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}
