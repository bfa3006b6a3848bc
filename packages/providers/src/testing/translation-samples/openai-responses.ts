import type { JsonObject } from '@x/core';
import { PDF, PNG, SCHEMA, type CallerSamples, type Sample } from './samples.ts';

const responsesSaid = (...content: JsonObject[]): JsonObject => ({ input: [{ role: 'user', content }] });
const responsesTool = (extra: JsonObject = {}): JsonObject => ({
  tools: [{ type: 'function', name: 'f', parameters: SCHEMA, strict: false, ...extra }],
});
const responsesLoop = (output: JsonObject['']): JsonObject => ({
  ...responsesTool(),
  input: [
    { role: 'user', content: 'Hi' },
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'a', output },
  ],
});
const responsesThought = (encrypted: string): JsonObject => ({
  input: [
    { role: 'user', content: 'Hi' },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: encrypted },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
    { role: 'user', content: 'Go on' },
  ],
});

const SAMPLES: readonly Sample[] = [
  ['input as a text', { input: 'Hi' }],
  ['instructions', { instructions: 'Be kind.' }],
  ['input_image by data URL', responsesSaid({ type: 'input_image', image_url: `data:image/png;base64,${PNG}` })],
  ['input_image by address', responsesSaid({ type: 'input_image', image_url: 'https://x.test/a.png' })],
  [
    'input_file',
    responsesSaid({ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` }),
  ],
  ['input_file by address', responsesSaid({ type: 'input_file', file_url: 'https://x.test/a.pdf' })],
  ['input_file by id', responsesSaid({ type: 'input_file', file_id: 'file-1' })],
  ['item_reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
  ['functions', responsesTool()],
  ['strict functions', responsesTool({ strict: true })],
  ['tools that run at OpenAI', { tools: [{ type: 'web_search' }] }],
  ['custom tools', { tools: [{ type: 'custom', name: 'f' }] }],
  ['function_call_output', responsesLoop('x')],
  [
    'function_call_output with an image',
    responsesLoop([{ type: 'input_image', image_url: `data:image/png;base64,${PNG}` }]),
  ],
  ['tool_choice: required', { ...responsesTool(), tool_choice: 'required' }],
  ['tool_choice: none', { ...responsesTool(), tool_choice: 'none' }],
  ['tool_choice: a function', { ...responsesTool(), tool_choice: { type: 'function', name: 'f' } }],
  ['parallel_tool_calls: false', { ...responsesTool(), parallel_tool_calls: false }],
  ['text.format: json_object', { text: { format: { type: 'json_object' } } }],
  ['text.format: json_schema', { text: { format: { type: 'json_schema', name: 'n', schema: SCHEMA } } }],
  ['text.verbosity', { text: { verbosity: 'low' } }],
  ['reasoning.effort', { reasoning: { effort: 'low' } }],
  ['reasoning.summary', { reasoning: { summary: 'auto' } }],
  ['a thought that OpenAI encrypted', responsesThought('gAAA')],
  ['a thought of a model of Anthropic', responsesThought('foreignsignatureEqQB')],
  ['include: reasoning.encrypted_content', { include: ['reasoning.encrypted_content'] }],
  ['include: message.output_text.logprobs', { include: ['message.output_text.logprobs'] }],
  ['max_output_tokens', { max_output_tokens: 100 }],
  ['temperature', { temperature: 0.5 }],
  ['temperature above 1', { temperature: 1.5 }],
  ['top_p', { top_p: 0.5 }],
  ['user, safety_identifier', { safety_identifier: 'u' }],
  ['previous_response_id', { previous_response_id: 'resp_1' }],
  ['conversation', { conversation: 'conv_1' }],
  ['prompt', { prompt: { id: 'pmpt_1' } }],
  ['background', { background: true }],
  ['top_logprobs', { top_logprobs: 1 }],
  [
    'store, truncation, metadata, service_tier',
    { store: true, truncation: 'auto', metadata: {}, service_tier: 'flex' },
  ],
  ['unknown members', { surprise: 1 }],
];

export const RESPONSES: CallerSamples = {
  dialect: 'openai.responses',
  least: responsesSaid({ type: 'input_text', text: 'Hi' }),
  samples: SAMPLES,
};
