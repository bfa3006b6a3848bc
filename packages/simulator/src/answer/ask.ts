export interface AskedTool {
  readonly name: string;
  /** JSON schema of its arguments. */
  readonly schema: unknown;
}

/** What a request wants, whatever dialect it came in. */
export interface Ask {
  readonly model: string;
  readonly stream: boolean;
  /** The stream is to end with a chunk of usage. */
  readonly includeUsage: boolean;
  readonly maxTokens: number | undefined;
  /** Characters of everything that the model would read. */
  readonly inputChars: number;
  readonly tools: readonly AskedTool[];
  /** A name demands that tool. */
  readonly toolChoice: 'none' | 'auto' | 'required' | { readonly name: string };
  readonly parallelTools: boolean;
  /** For what is no answer of a model. @default it is one */
  readonly task?: AskedTask;
}

/** Vectors, or a count of tokens. */
export interface AskedTask {
  /** Texts that become vectors, one each; none where tokens are counted, which costs nothing. */
  readonly inputs: readonly string[];
  /** How long a vector is to be. */
  readonly dimensions: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

/** What is answered, whatever dialect it goes out in. */
export interface Answer {
  /** Needs no escaping in JSON. Empty when tools are called. */
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: 'stop' | 'length' | 'tool_calls';
  readonly inputTokens: number;
  readonly outputTokens: number;
}
