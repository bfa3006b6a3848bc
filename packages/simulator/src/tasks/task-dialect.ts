import type { Answer, Ask, AskedTask } from '../answer/ask.ts';
import type { Problem, WireDialect } from '../dialects/dialect.ts';

export interface TaskParts {
  readonly read: (body: Readonly<Record<string, unknown>>, path: string) => Ask | Problem;
  /** The answer's body as a value. */
  readonly answer: (task: AskedTask, facts: TaskFacts) => unknown;
}

export interface TaskFacts {
  readonly model: string;
  readonly tokens: number;
}

/** A task as a dialect whose answers are never streamed. */
export function taskDialect({ read, answer }: TaskParts): WireDialect {
  return {
    read: (body, _header, path) => read(body, path),
    complete: ({ inputTokens }: Answer, { model }, ask) =>
      JSON.stringify(answer(ask?.task ?? { inputs: [], dimensions: 0 }, { model, tokens: inputTokens })),
    stream: () => [],
    errorFrame: (body) => JSON.stringify(body),
    malformedFrame: () => '{"brok',
    keepAliveFrame: () => '',
  };
}
