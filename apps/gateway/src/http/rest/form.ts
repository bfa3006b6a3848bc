import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { PipelineError, type JsonObject, type RestContent } from '@x/core';

/** One part of a form, as it is written again. */
interface Part {
  readonly name: string;
  /** Undefined for a plain field. */
  readonly fileName: string | undefined;
  readonly type: string | undefined;
  readonly content: readonly Buffer[];
}

/** A form that is whole. */
export interface Form {
  /** Its plain fields; of several with one name, the last. */
  readonly fields: JsonObject;
  readonly content: RestContent;
}

/** Far more than any endpoint knows of, and few enough to be looked at in no time. */
const MOST_PARTS = 1_000;

/**
 * Reads a `multipart/form-data` body. Its bytes go out as they came, unless the model's name in them has to be another.
 * @throws PipelineError `invalid_request` with code `invalid_form`
 */
export async function parseForm(givenType: string, bytes: Uint8Array): Promise<Form> {
  const boundary = boundaryOf(givenType);
  // Whoever reads it next divides it as it was divided here, whatever else the header says.
  const contentType = `multipart/form-data; boundary=${TOKEN.test(boundary) ? boundary : `"${boundary}"`}`;
  const parts = await readParts(contentType, bytes);
  const fields: Record<string, string> = {};
  for (const { name, fileName, content } of parts) {
    if (fileName === undefined) fields[name] = Buffer.concat(content).toString();
  }
  return {
    fields,
    content: {
      contentType,
      bytes: (model) =>
        fields['model'] === undefined || fields['model'] === model ? bytes : write(parts, boundary, model),
    },
  };
}

function readParts(contentType: string, bytes: Uint8Array): Promise<readonly Part[]> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(invalidForm(cause instanceof Error ? cause.message : String(cause), cause));
    let form: BusboyInstance;
    try {
      const limits = { parts: MOST_PARTS + 1, fieldSize: bytes.byteLength, fieldNameSize: 1_000 };
      form = new Busboy({ headers: { 'content-type': contentType }, limits, preservePath: true });
    } catch (cause) {
      return fail(cause);
    }
    const parts: Part[] = [];
    form.on('field', (name, value) => {
      parts.push({ name, fileName: undefined, type: undefined, content: [Buffer.from(value)] });
    });
    form.on('file', (name, file, fileName, _encoding, type) => {
      const content: Buffer[] = [];
      parts.push({ name, fileName: fileName ?? '', type, content });
      file.on('data', (chunk: Buffer) => content.push(chunk)).on('error', fail);
    });
    form.on('error', fail);
    form.on('finish', () => {
      const problem = problemOf(parts);
      if (problem === undefined) resolve(parts);
      else fail(problem);
    });
    form.end(bytes);
  });
}

/** Undefined where there is none. Of two models each reader takes the one it likes, and limits would be those of the other. */
function problemOf(parts: readonly Part[]): string | undefined {
  if (parts.length > MOST_PARTS) return `it has more than ${MOST_PARTS} parts`;
  // The parser's types promise a name that a part need not have.
  if (parts.some(({ name }) => (name as string | undefined) === undefined)) return 'a part of it has no name';
  if (parts.filter(({ name }) => name === 'model').length > 1) return 'it has more than one model';
  return undefined;
}

function invalidForm(why: string, cause?: unknown): PipelineError {
  return new PipelineError('invalid_request', `the body is no form that can be read: ${why}`, {
    code: 'invalid_form',
    cause,
  });
}

/** What a boundary may be. Source: RFC 2046, section 5.1.1. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/** A boundary that need not be quoted. */
const TOKEN = /^[\w'+.-]+$/;

/** It divided the parts as they came, so it stands in none of them. */
function boundaryOf(contentType: string): string {
  const [, quoted, plain = ''] = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (BOUNDARY.test(boundary)) return boundary;
  throw invalidForm(`its content-type names no boundary of at most 70 letters, digits and "'()+_,-./:=? "`);
}

function write(parts: readonly Part[], boundary: string, model: string): Uint8Array {
  const pieces: Buffer[] = [];
  for (const { name, fileName, type, content } of parts) {
    const file = fileName === undefined ? '' : `; filename="${escaped(fileName)}"`;
    const typed = type === undefined ? '' : `content-type: ${type}\r\n`;
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"${file}\r\n${typed}\r\n`;
    const isModel = name === 'model' && fileName === undefined;
    pieces.push(Buffer.from(head), ...(isModel ? [Buffer.from(model)] : content), Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

/** As browsers write names. Source: the HTML standard, multipart/form-data encoding algorithm. */
function escaped(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
