/** The list of models in a shape that serves both dialects: OpenAI's fields and Anthropic's. */
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
  return JSON.stringify({ object: 'list', data, has_more: false, ...ends });
}
