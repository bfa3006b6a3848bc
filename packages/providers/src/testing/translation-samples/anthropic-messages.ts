import type { JsonObject } from '@x/core';
import { PDF, PNG, SCHEMA, type CallerSamples, type Sample } from './samples.ts';

const anthropicSaid = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
const anthropicTool = (extra: JsonObject = {}): JsonObject => ({
  tools: [{ name: 'f', input_schema: SCHEMA, ...extra }],
});

const SAMPLES: readonly Sample[] = [
  ['system', { system: 'Be kind.' }],
  ['image', anthropicSaid({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } })],
  ['image by address', anthropicSaid({ type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } })],
  [
    'document',
    anthropicSaid({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } }),
  ],
  ['document by address', anthropicSaid({ type: 'document', source: { type: 'url', url: 'https://x.test/a.pdf' } })],
  ['tools', anthropicTool()],
  ['strict tools', anthropicTool({ strict: true })],
  ["Anthropic's own tools", { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
  [
    'tool_result',
    {
      ...anthropicTool(),
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x' }] },
      ],
    },
  ],
  [
    'tool_result.is_error',
    {
      ...anthropicTool(),
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x', is_error: true }] },
      ],
    },
  ],
  ['tool_choice: any', { ...anthropicTool(), tool_choice: { type: 'any' } }],
  ['tool_choice: tool', { ...anthropicTool(), tool_choice: { type: 'tool', name: 'f' } }],
  ['disable_parallel_tool_use', { ...anthropicTool(), tool_choice: { type: 'auto', disable_parallel_tool_use: true } }],
  ['output_config.format', { output_config: { format: { type: 'json_schema', schema: SCHEMA } } }],
  ['output_config.effort', { output_config: { effort: 'low' } }],
  ['thinking, to be on', { thinking: { type: 'enabled', budget_tokens: 1_024 } }],
  [
    'thinking with its signature',
    {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 's' },
            { type: 'text', text: 'Yes' },
          ],
        },
        { role: 'user', content: 'So?' },
      ],
    },
  ],
  ['temperature, top_p', { temperature: 0.5, top_p: 0.5 }],
  ['top_k', { top_k: 5 }],
  ['stop_sequences', { stop_sequences: ['a'] }],
  ['cache_control', { system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }] }],
  ['metadata.user_id', { metadata: { user_id: 'u' } }],
  ['mcp_servers', { mcp_servers: [{ type: 'url', url: 'https://x.test' }] }],
  ['service_tier, unknown members', { service_tier: 'auto', surprise: 1 }],
];

export const ANTHROPIC: CallerSamples = {
  dialect: 'anthropic.messages',
  least: { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  samples: SAMPLES,
};
