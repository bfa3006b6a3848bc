import type { JsonObject } from '@x/core';
import { PDF, PNG, SCHEMA, type CallerSamples, type Sample } from './samples.ts';

const openaiSaid = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
const openaiTool = (extra: JsonObject = {}): JsonObject => ({
  tools: [{ type: 'function', function: { name: 'f', parameters: SCHEMA, ...extra } }],
});
const openaiLoop: JsonObject = {
  ...openaiTool(),
  messages: [
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'x' },
  ],
};

const SAMPLES: readonly Sample[] = [
  [
    'system and developer messages',
    {
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
    },
  ],
  ['image by data URL', openaiSaid({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } })],
  ['image by address', openaiSaid({ type: 'image_url', image_url: { url: 'https://x.test/a.png' } })],
  ['document', openaiSaid({ type: 'file', file: { file_data: `data:application/pdf;base64,${PDF}` } })],
  [
    'document with a name',
    openaiSaid({ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } }),
  ],
  ['document by id', openaiSaid({ type: 'file', file: { file_id: 'file-1' } })],
  ['audio', openaiSaid({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })],
  ['tools', openaiTool()],
  ['strict tools', openaiTool({ strict: true })],
  ['tool results', openaiLoop],
  ['tool_choice: required', { ...openaiTool(), tool_choice: 'required' }],
  ['tool_choice: none', { ...openaiTool(), tool_choice: 'none' }],
  ['tool_choice: a function', { ...openaiTool(), tool_choice: { type: 'function', function: { name: 'f' } } }],
  ['parallel_tool_calls: false', { ...openaiTool(), parallel_tool_calls: false }],
  ['response_format: json_object', { response_format: { type: 'json_object' } }],
  [
    'response_format: json_schema',
    { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: SCHEMA } } },
  ],
  ['max_completion_tokens', { max_completion_tokens: 100 }],
  ['temperature', { temperature: 0.5 }],
  ['temperature above 1', { temperature: 1.5 }],
  ['top_p', { top_p: 0.5 }],
  ['stop', { stop: ['a'] }],
  ['more than 5 stop', { stop: ['1', '2', '3', '4', '5', '6'] }],
  ['reasoning_effort', { reasoning_effort: 'low' }],
  [
    'reasoning with its signature',
    {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'Yes',
          reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: 's' }],
        },
        { role: 'user', content: 'So?' },
      ],
    },
  ],
  ['cache_control', openaiSaid({ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } })],
  ['user', { user: 'u' }],
  ['n above 1', { n: 2 }],
  ['logprobs', { logprobs: true }],
  ['logit_bias', { logit_bias: { '1': 1 } }],
  ['seed', { seed: 1 }],
  ['presence_penalty, frequency_penalty', { presence_penalty: 1, frequency_penalty: 1 }],
  ['metadata, store, service_tier', { metadata: {}, store: true, service_tier: 'flex' }],
  ['unknown members', { surprise: 1 }],
];

export const OPENAI: CallerSamples = {
  dialect: 'openai.chat',
  least: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  samples: SAMPLES,
};
