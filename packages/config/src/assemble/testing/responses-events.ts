/** The events of one message of Responses. */
export function responsesEvents(pieces: readonly string[]): string[] {
  let number = 0;
  const event = (type: string, rest: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...rest })}\n\n`;
  const response = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: 'gpt-4o-2026', error: null };
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const item = { id: 'msg_1', type: 'message', role: 'assistant' };
  const part = (text: string) => ({ type: 'output_text', annotations: [], logprobs: [], text });
  const whole = pieces.join('');
  const done = { ...item, status: 'completed', content: [part(whole)] };
  const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };
  return [
    event('response.created', { response: begun }),
    event('response.in_progress', { response: begun }),
    event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
    event('response.content_part.added', { ...at, part: part('') }),
    ...pieces.map((delta) => event('response.output_text.delta', { ...at, delta, logprobs: [] })),
    event('response.output_text.done', { ...at, text: whole, logprobs: [] }),
    event('response.content_part.done', { ...at, part: part(whole) }),
    event('response.output_item.done', { output_index: 0, item: done }),
    event('response.completed', { response: { ...response, status: 'completed', output: [done], usage } }),
  ];
}
