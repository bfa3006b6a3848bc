import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Finding, PathStep, Position } from './problems.ts';

/** Characters. Far beyond any real configuration; a bound, because a parsed document takes many times its text. */
export const MAX_TEXT_LENGTH = 1_048_576;

/** A finding that comes with its place. */
export interface SyntaxFinding extends Finding {
  readonly position: Position | undefined;
}

/** The text of a configuration as a value, with the means to say where a part of it stands. */
export interface ConfigText {
  readonly value: unknown;
  readonly errors: readonly SyntaxFinding[];
  /** Where the member or item at `path` begins, or else the nearest part around it that is there. */
  locate(path: readonly PathStep[]): Position | undefined;
}

/** Reads YAML, and JSON with it, since that is a part of YAML. */
export function readConfigText(text: string): ConfigText {
  if (text.length > MAX_TEXT_LENGTH) {
    return failed(`the file has ${text.length} characters; the limit is ${MAX_TEXT_LENGTH}`);
  }
  const lines = new LineCounter();
  // Pretty errors and warnings would quote the text, and with it perhaps a key.
  const quiet = { prettyErrors: false, logLevel: 'silent', stringKeys: true } as const;
  const document = parseDocument(text, { lineCounter: lines, ...quiet });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = document.errors.map(({ message, pos }) => ({
    path: [],
    message: withoutSource(message),
    position: at(pos[0]),
  }));
  if (errors.length > 0) return { value: undefined, errors, locate: () => undefined };
  try {
    const value: unknown = document.toJS();
    return { value, errors, locate: (path) => locate(document, path, at) };
  } catch {
    return failed('an alias (*name) refers to nothing, or to too much');
  }
}

function failed(message: string): ConfigText {
  return { value: undefined, errors: [{ path: [], message, position: undefined }], locate: () => undefined };
}

/** The parser's own words, without the piece of the file that some of them end in. */
function withoutSource(message: string): string {
  const [own = message] = message.split(/: (?!in )|(?<=escape sequence) /);
  return `cannot be read: ${own.charAt(0).toLowerCase()}${own.slice(1)}`;
}

function locate(
  document: Document.Parsed,
  path: readonly PathStep[],
  at: (offset: number) => Position,
): Position | undefined {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0];
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const found: { node: Node | null; offset: number | undefined } | undefined = stepInto(node, step);
    if (found === undefined) break;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset === undefined ? undefined : at(offset);
}

function stepInto(node: Node | null, step: PathStep): { node: Node | null; offset: number | undefined } | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && { node: pair.value, offset: pair.key.range?.[0] };
  }
  if (isSeq<Node>(node) && typeof step === 'number') {
    const item = node.items[step];
    return item && { node: item, offset: item.range?.[0] };
  }
  return undefined;
}
