import type { FormField } from './form.ts';

/** A request as these endpoints see it. */
export interface RestRequest {
  /** `POST /files` */
  readonly method: string;
  readonly path: string;
  /** Members of a JSON body, or the text fields of a form. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly FormField[];
  /** The name of the key that it came with. */
  readonly key: string;
}

export interface RestAnswer {
  readonly status?: number;
  /** @default 'application/json' */
  readonly type?: string;
  /** JSON where it is a value, else pieces of a body as they are sent. */
  readonly body: unknown;
  readonly pieces?: readonly (string | Uint8Array)[];
}

/** Says no as OpenAI does. */
export function refusal(status: number, message: string, param: string | null = null): RestAnswer {
  return { status, body: { error: { message, type: 'invalid_request_error', param, code: null } } };
}
