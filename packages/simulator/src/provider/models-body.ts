/** The list of models in a shape that serves all dialects: OpenAI's fields, Anthropic's and Gemini's. */
export function modelsBody(names: readonly string[], provider: string): string {
  const data = names.map((id) => ({
    id,
    object: 'model',
    type: 'model',
    display_name: id,
    created: 0,
    created_at: '1970-01-01T00:00:00Z',
    owned_by: provider,
  }));
  const ends = { first_id: names[0] ?? null, last_id: names.at(-1) ?? null };
  const models = names.map((name) => ({ name: `models/${name}`, displayName: name }));
  return JSON.stringify({ object: 'list', data, has_more: false, ...ends, models });
}
