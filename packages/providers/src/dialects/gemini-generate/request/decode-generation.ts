import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest, ResponseFormat } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalList,
  optionalNumber,
  optionalString,
  optionalTokens,
  unsupportedField,
} from '../../../json/expect.ts';
import { isArray, isObject } from '../../../json/read.ts';
import { camelOf, fieldOf } from '../field.ts';
import { decodeSchema } from '../schema/decode-schema.ts';
import { decodeThinking } from './thinking.ts';

type Generation = Pick<
  ChatRequest,
  | 'maxTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stop'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'responseFormat'
  | 'effort'
>;

const CARRIED: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'thinkingConfig',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
]);

/** Members whose loss would change what the caller gets, unless they hold the value that asks for nothing. */
const ESSENTIAL: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  candidateCount: (value) => value === 1,
  responseLogprobs: (value) => value === false,
  logprobs: (value) => value === 0,
  responseModalities: (value) =>
    isArray(value) && value.every((each) => typeof each === 'string' && /^text$/i.test(each)),
  speechConfig: () => false,
  imageConfig: () => false,
};

const PATH = 'generationConfig';

export function decodeGeneration(value: JsonValue | undefined, notes: TranslationNotes): Generation {
  const config = value === undefined || value === null ? {} : expectObject(value, PATH);
  noteRest(config, notes);
  const number = (name: string) => optionalNumber(fieldOf(config, name), `${PATH}.${name}`);
  return {
    maxTokens: optionalTokens(fieldOf(config, 'maxOutputTokens'), `${PATH}.maxOutputTokens`),
    temperature: inRange(number('temperature'), 'temperature', 2),
    topP: inRange(number('topP'), 'topP', 1),
    topK: optionalTokens(fieldOf(config, 'topK'), `${PATH}.topK`),
    stop: optionalList(fieldOf(config, 'stopSequences'), `${PATH}.stopSequences`).map((entry, index) =>
      expectString(entry, `${PATH}.stopSequences[${index}]`),
    ),
    seed: number('seed'),
    presencePenalty: number('presencePenalty') || undefined,
    frequencyPenalty: number('frequencyPenalty') || undefined,
    responseFormat: decodeFormat(config),
    effort: decodeThinking(fieldOf(config, 'thinkingConfig'), notes),
  };
}

function noteRest(config: JsonObject, notes: TranslationNotes): void {
  for (const key of Object.keys(config)) {
    const value = config[key];
    const name = camelOf(key);
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    if (!Object.hasOwn(ESSENTIAL, name)) notes.drop(`${PATH}.${name}`);
    else if (!ESSENTIAL[name]?.(value)) throw unsupportedField(`${PATH}.${name}`, 'it has no equivalent there');
  }
}

function inRange(value: number | undefined, name: string, max: number): number | undefined {
  if (value === undefined || (value >= 0 && value <= max)) return value;
  throw invalidField(`${PATH}.${name}`, `must be between 0 and ${max}`);
}

function decodeFormat(config: JsonObject): ResponseFormat | undefined {
  const type = optionalString(fieldOf(config, 'responseMimeType'), `${PATH}.responseMimeType`);
  if (type === undefined || type === '' || type === 'text/plain') return undefined;
  if (type !== 'application/json')
    throw unsupportedField(`${PATH}.responseMimeType`, 'only text/plain and application/json');
  const json = fieldOf(config, 'responseJsonSchema');
  if (isObject(json)) return { type: 'json-schema', schema: json };
  const schema = fieldOf(config, 'responseSchema');
  if (schema === undefined || schema === null) return { type: 'json' };
  return { type: 'json-schema', schema: decodeSchema(expectObject(schema, `${PATH}.responseSchema`)) };
}
