import type { JsonObject } from '@x/core';
import { PDF, PNG, type CallerSamples, type Sample } from './samples.ts';

const geminiSaid = (...parts: JsonObject[]): JsonObject => ({ contents: [{ role: 'user', parts }] });
const geminiTool: JsonObject = { tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }] };
const geminiChoice = (config: JsonObject): JsonObject => ({
  ...geminiTool,
  toolConfig: { functionCallingConfig: config },
});
const generation = (config: JsonObject): JsonObject => ({ generationConfig: config });

const SAMPLES: readonly Sample[] = [
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

export const GEMINI: CallerSamples = {
  dialect: 'gemini.generate',
  least: geminiSaid({ text: 'Hi' }),
  samples: SAMPLES,
};
