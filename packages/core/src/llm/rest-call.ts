/** An HTTP call that is handed on as it came, for endpoints that nobody translates. */
export interface RestCall {
  /** In capitals. */
  readonly method: string;
  /** Below the base URL of a provider, with its query: `/audio/speech`, `/files/file-1/content`. */
  readonly path: string;
  /** What the body calls its model, where the target is not one: files and jobs are asked for by what they are. @default the target's */
  readonly model?: string | undefined;
  /** The body where it is no JSON. @default the request's own, which is empty for methods that have none */
  readonly content?: RestContent | undefined;
}

/** Bytes that are no JSON, such as those of a form. */
export interface RestContent {
  readonly contentType: string;
  /** With this for the model's name, where they hold one. */
  bytes(model: string): Uint8Array;
}
