/** Where hosts of one dialect differ in what they take. Data, one row per host. */
export interface HostQuirks {
  /** The name of the output limit in a translated request. @default 'max_tokens' */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether the other of the two names is an error, so that it is renamed in requests that pass through. @default false */
  readonly onlyMaxTokensField: boolean;
  /** Whether `stream_options` is understood. Hosts that refuse it send token counts unasked. @default true */
  readonly streamOptions: boolean;
  /** Where the end user's id goes; undefined drops it. @default undefined */
  readonly userField: 'safety_identifier' | undefined;
  /** How many stop sequences are taken. @default Infinity */
  readonly maxStops: number;
  /** How long an id of a tool call must be, in letters and digits. Others are turned into such ones. @default any id is taken */
  readonly toolIdLength: number | undefined;
  /** What it has no way to do. A translated request that wants it is refused before any call. @default nothing */
  readonly lacks: readonly Capability[];
}

/** What a request may want of a host beside text. `files` are documents inside a message, `schemas` JSON schemas for the answer. */
export type Capability = 'tools' | 'images' | 'files' | 'schemas';

export const DEFAULT_QUIRKS: HostQuirks = {
  maxTokensField: 'max_tokens',
  onlyMaxTokensField: false,
  streamOptions: true,
  userField: undefined,
  maxStops: Infinity,
  toolIdLength: undefined,
  lacks: [],
};
