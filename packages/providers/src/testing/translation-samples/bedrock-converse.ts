import type { JsonObject } from '@x/core';
import { PDF, PNG, SCHEMA, type CallerSamples, type Sample } from './samples.ts';

const converseSaid = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
const converseTools = [{ toolSpec: { name: 'f', inputSchema: { json: SCHEMA } } }];
const converseTool = (extra: JsonObject = {}): JsonObject => ({ toolConfig: { tools: converseTools, ...extra } });
const inference = (members: JsonObject): JsonObject => ({ inferenceConfig: members });
const converseLoop = (...content: JsonObject[]): JsonObject => ({
  ...converseTool(),
  messages: [
    { role: 'user', content: [{ text: 'Hi' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'a', name: 'f', input: {} } }] },
    { role: 'user', content },
  ],
});

const SAMPLES: readonly Sample[] = [
  ['system', { system: [{ text: 'Be kind.' }] }],
  ['image', converseSaid({ image: { format: 'png', source: { bytes: PNG } } })],
  ['image in S3', converseSaid({ image: { format: 'png', source: { s3Location: { uri: 's3://b/a.png' } } } })],
  ['document', converseSaid({ document: { format: 'pdf', name: 'a', source: { bytes: PDF } } })],
  ['video', converseSaid({ video: { format: 'mp4', source: { bytes: 'AAAA' } } })],
  ['guardContent', converseSaid({ guardContent: { text: { text: 'Hi' } } })],
  ['tools', converseTool()],
  ['toolResult', converseLoop({ toolResult: { toolUseId: 'a', content: [{ text: 'x' }] } })],
  [
    'toolResult with an error',
    converseLoop({ toolResult: { toolUseId: 'a', content: [{ text: 'x' }], status: 'error' } }),
  ],
  [
    'toolResult with an image',
    converseLoop({ toolResult: { toolUseId: 'a', content: [{ image: { format: 'png', source: { bytes: PNG } } }] } }),
  ],
  ['toolChoice: any', converseTool({ toolChoice: { any: {} } })],
  ['toolChoice: tool', converseTool({ toolChoice: { tool: { name: 'f' } } })],
  [
    'reasoningContent with its signature',
    {
      messages: [
        { role: 'user', content: [{ text: 'Hi' }] },
        {
          role: 'assistant',
          content: [{ reasoningContent: { reasoningText: { text: 'Hm.', signature: 'EqQB' } } }, { text: 'Hello' }],
        },
        { role: 'user', content: [{ text: 'Go on' }] },
      ],
    },
  ],
  ['cachePoint', converseSaid({ text: 'Hi' }, { cachePoint: { type: 'default' } })],
  ['maxTokens', inference({ maxTokens: 100 })],
  ['temperature, topP', inference({ temperature: 0.5, topP: 0.5 })],
  ['stopSequences', inference({ stopSequences: ['a'] })],
  ['additionalModelRequestFields: top_k', { additionalModelRequestFields: { top_k: 5 } }],
  ['additionalModelRequestFields: others', { additionalModelRequestFields: { thinking: { type: 'adaptive' } } }],
  ['guardrailConfig', { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' } }],
  ['requestMetadata', { requestMetadata: { a: 'b' } }],
  ['serviceTier, performanceConfig', { serviceTier: { type: 'flex' }, performanceConfig: { latency: 'optimized' } }],
  ['unknown members', { surprise: 1 }],
];

export const CONVERSE: CallerSamples = {
  dialect: 'bedrock.converse',
  least: converseSaid({ text: 'Hi' }),
  samples: SAMPLES,
};
