import type { Dialect, JsonObject } from '@x/core';

/** What a caller may ask for, and the members of its body that ask for it. */
export type Sample = readonly [feature: string, members: JsonObject];

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
const PDF = 'JVBERi0=';
const PNG = 'iVBORw0KGgo=';

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

const OPENAI: readonly Sample[] = [
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

const anthropicSaid = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
const anthropicTool = (extra: JsonObject = {}): JsonObject => ({
  tools: [{ name: 'f', input_schema: SCHEMA, ...extra }],
});

const ANTHROPIC: readonly Sample[] = [
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

const geminiSaid = (...parts: JsonObject[]): JsonObject => ({ contents: [{ role: 'user', parts }] });
const geminiTool: JsonObject = { tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }] };
const geminiChoice = (config: JsonObject): JsonObject => ({
  ...geminiTool,
  toolConfig: { functionCallingConfig: config },
});
const generation = (config: JsonObject): JsonObject => ({ generationConfig: config });

const GEMINI: readonly Sample[] = [
  ['systemInstruction', { systemInstruction: { parts: [{ text: 'Be kind.' }] } }],
  ['image', geminiSaid({ inlineData: { mimeType: 'image/png', data: PNG } })],
  ['image by address', geminiSaid({ fileData: { mimeType: 'image/png', fileUri: 'https://x.test/a.png' } })],
  ['file stored at Google', geminiSaid({ fileData: { mimeType: 'image/png', fileUri: 'gs://b/a.png' } })],
  ['document', geminiSaid({ inlineData: { mimeType: 'application/pdf', data: PDF } })],
  ['document by address', geminiSaid({ fileData: { mimeType: 'application/pdf', fileUri: 'https://x.test/a.pdf' } })],
  ['audio, video', geminiSaid({ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } })],
  ['functionDeclarations', geminiTool],
  ["Google's own tools", { tools: [{ googleSearch: {} }] }],
  [
    'functionResponse',
    {
      ...geminiTool,
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' } } }] },
      ],
    },
  ],
  ['mode: ANY', geminiChoice({ mode: 'ANY' })],
  ['mode: ANY, one function', geminiChoice({ mode: 'ANY', allowedFunctionNames: ['f'] })],
  ['mode: ANY, some functions', geminiChoice({ mode: 'ANY', allowedFunctionNames: ['f', 'g'] })],
  ['responseMimeType: application/json', generation({ responseMimeType: 'application/json' })],
  ['responseSchema', generation({ responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } })],
  ['thinkingLevel', generation({ thinkingConfig: { thinkingLevel: 'LOW' } })],
  ['thinkingBudget', generation({ thinkingConfig: { thinkingBudget: 4_000 } })],
  [
    'thought with its signature',
    {
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ text: 'Hm', thought: true, thoughtSignature: 'cw==' }, { text: 'Yes' }] },
        { role: 'user', parts: [{ text: 'So?' }] },
      ],
    },
  ],
  ['maxOutputTokens', generation({ maxOutputTokens: 100 })],
  ['temperature, topP', generation({ temperature: 0.5, topP: 0.5 })],
  ['temperature above 1', generation({ temperature: 1.5 })],
  ['topK', generation({ topK: 5 })],
  ['stopSequences', generation({ stopSequences: ['a'] })],
  ['candidateCount above 1', generation({ candidateCount: 2 })],
  ['responseLogprobs', generation({ responseLogprobs: true })],
  ['responseModalities with images', generation({ responseModalities: ['TEXT', 'IMAGE'] })],
  ['seed, penalties, mediaResolution', generation({ seed: 1, presencePenalty: 1, mediaResolution: 'LOW' })],
  ['cachedContent', { cachedContent: 'cachedContents/a' }],
  ['safetySettings, labels, unknown members', { safetySettings: [{}], labels: { a: 'b' }, surprise: 1 }],
];

/** A dialect with the least that its callers send, and what they may send besides. */
export const CALLERS: readonly {
  readonly dialect: Dialect;
  readonly least: JsonObject;
  readonly samples: readonly Sample[];
}[] = [
  { dialect: 'openai.chat', least: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }, samples: OPENAI },
  {
    dialect: 'anthropic.messages',
    least: { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
    samples: ANTHROPIC,
  },
  { dialect: 'gemini.generate', least: geminiSaid({ text: 'Hi' }), samples: GEMINI },
];
