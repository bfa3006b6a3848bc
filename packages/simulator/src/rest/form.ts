import { Buffer } from 'node:buffer';

export interface FormField {
  readonly name: string;
  readonly fileName: string;
  readonly content: Buffer;
}

/** The parts of a form that is well formed; undefined for any other. */
export function readForm(
  contentType: string,
  body: Buffer,
): { readonly fields: Readonly<Record<string, string>>; readonly files: readonly FormField[] } | undefined {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || !body.includes(`--${boundary}--`)) return undefined;
  const fields: Record<string, string> = {};
  const files: FormField[] = [];
  const delimiter = `\r\n--${boundary}`;
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  let at = whole.indexOf(delimiter);
  for (;;) {
    const start = at + delimiter.length + 2;
    const next = whole.indexOf(delimiter, start);
    if (next === -1) return { fields, files };
    const part = whole.subarray(start, next);
    const headEnd = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, headEnd).toString();
    const content = part.subarray(headEnd + 4);
    const [, name = ''] = /[; ]name="([^"]*)"/i.exec(head) ?? [];
    const [, fileName] = /filename="([^"]*)"/i.exec(head) ?? [];
    if (fileName === undefined) fields[name] = content.toString();
    else files.push({ name, fileName, content });
    at = next;
  }
}
