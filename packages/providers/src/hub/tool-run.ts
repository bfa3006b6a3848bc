import type { ChatMessage, TextPart, ToolResult, UserPart } from './request.ts';

/** Results of tools that follow each other. */
export interface ToolRun {
  readonly results: readonly { readonly result: ToolResult; readonly text: readonly TextPart[] }[];
  /** What the tools returned that is no text, all of it. */
  readonly rest: readonly UserPart[];
  /** The first message behind them. */
  readonly end: number;
}

/** The run that begins at `start`, for dialects whose results hold text alone: what else there is can only follow them. */
export function toolRun(messages: readonly ChatMessage[], start: number): ToolRun {
  const results: { result: ToolResult; text: readonly TextPart[] }[] = [];
  const rest: UserPart[] = [];
  let end = start;
  for (; end < messages.length; end += 1) {
    const message = messages[end] as ChatMessage;
    if (message.role !== 'tool') break;
    results.push({ result: message, text: message.content.filter((part) => part.type === 'text') });
    rest.push(...message.content.filter((part) => part.type !== 'text'));
  }
  return { results, rest, end };
}
