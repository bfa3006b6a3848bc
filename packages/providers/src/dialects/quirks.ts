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
}

export const DEFAULT_QUIRKS: HostQuirks = {
  maxTokensField: 'max_tokens',
  onlyMaxTokensField: false,
  streamOptions: true,
  userField: undefined,
  maxStops: Infinity,
};
