import type { JsonObject } from '@x/core';
import type { AnswerMeta } from '../../codec.ts';

const TEXT = { format: { type: 'text' } };

/** What stands around an answer and is the same in all of its events: whose it is, and what was asked for. */
export function envelope(
  { asked = {}, ...meta }: AnswerMeta,
  { id, model }: { readonly id: string | undefined; readonly model: string | undefined },
): JsonObject {
  return {
    id: responseId(id ?? meta.id),
    object: 'response',
    created_at: Math.floor(meta.now / 1_000),
    background: false,
    error: null,
    instructions: asked['instructions'] ?? null,
    max_output_tokens: asked['max_output_tokens'] ?? null,
    metadata: asked['metadata'] ?? {},
    model: model ?? meta.model,
    parallel_tool_calls: asked['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    reasoning: asked['reasoning'] ?? { effort: null, summary: null },
    store: false,
    temperature: asked['temperature'] ?? null,
    text: asked['text'] ?? TEXT,
    tool_choice: asked['tool_choice'] ?? 'auto',
    tools: asked['tools'] ?? [],
    top_p: asked['top_p'] ?? null,
    truncation: 'disabled',
  };
}

/** Clients tell the ids of responses by how they begin. */
function responseId(id: string): string {
  return id.startsWith('resp_') ? id : `resp_${id}`;
}

/** Ids of items have 64 characters at most, of letters, digits, `_` and `-`, and begin with what they are. */
const LONGEST_STEM = 40;

/** What the ids of one answer's items have in common. */
export function idStem({ id }: AnswerMeta): string {
  return id.replace(/[^\w-]/g, '').slice(0, LONGEST_STEM);
}
