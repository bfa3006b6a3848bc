import type { Ask, AskedTask } from '../answer/ask.ts';

/** A request for something else than an answer. `inputChars` is what would be read for it. */
export function askTask(model: string, inputChars: number, task: AskedTask): Ask {
  return {
    model,
    stream: false,
    includeUsage: false,
    maxTokens: undefined,
    inputChars,
    tools: [],
    toolChoice: 'none',
    parallelTools: false,
    task,
  };
}

/** A request for a count. */
export function askCount(model: string, inputChars: number): Ask {
  return askTask(model, inputChars, { inputs: [], dimensions: 0 });
}

/** A request for vectors of these texts. */
export function askVectors(model: string, inputs: readonly string[], dimensions: unknown = USUAL_DIMENSIONS): Ask {
  const chars = inputs.reduce((sum, { length }) => sum + length, 0);
  return askTask(model, chars, { inputs, dimensions: typeof dimensions === 'number' ? dimensions : USUAL_DIMENSIONS });
}

/** Few, so that answers are read at a glance. */
const USUAL_DIMENSIONS = 8;

/** The model in a path: what stands between `open` and the last step. */
export function modelInPath(path: string, pattern: RegExp): string {
  const [, segment = ''] = pattern.exec(path) ?? [];
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
