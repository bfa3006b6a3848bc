import type { JsonObject } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { invalidField } from '../../../json/expect.ts';
import { encodeTool } from '../../openai-chat/request/tools.ts';

/** `tools` with what says how they are used. No single one can be asked for by name, so a choice leaves that one alone. */
export function encodeTools(request: ChatRequest, notes: TranslationNotes): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (tools.length === 0) return {};
  if (parallelToolCalls === false) notes.drop('parallel_tool_calls');
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const offered = named === undefined ? tools : tools.filter(({ name }) => name === named);
  if (offered.length === 0) throw invalidField('tool_choice', 'names a function that is not among the tools');
  // Strictness holds for all of them or for none.
  const strict = offered.every((tool) => tool.strict === true);
  if (!strict && offered.some((tool) => tool.strict === true)) notes.drop('tools[].function.strict');
  const choice =
    toolChoice === 'none' ? 'NONE' : named !== undefined || toolChoice === 'required' ? 'REQUIRED' : undefined;
  return {
    tools: offered.map((tool) => encodeTool({ ...tool, strict: undefined })),
    ...(strict && { strict_tools: true }),
    ...(choice !== undefined && { tool_choice: choice }),
  };
}
