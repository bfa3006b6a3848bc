import type { Dialect } from '@x/core';
import { anthropicMessages } from './anthropic-messages/codec.ts';
import { bedrockConverse } from './bedrock-converse/codec.ts';
import type { DialectCodec } from './codec.ts';
import { geminiGenerate } from './gemini-generate/codec.ts';
import { openaiChat } from './openai-chat/codec.ts';
import { openaiResponses } from './openai-responses/codec.ts';

const CODECS: ReadonlyMap<string, DialectCodec> = new Map(
  [openaiChat, openaiResponses, anthropicMessages, geminiGenerate, bedrockConverse].map((each) => [each.dialect, each]),
);

/** The codec of a dialect, or undefined where there is none yet. */
export function findCodec(dialect: string): DialectCodec | undefined {
  return CODECS.get(dialect);
}

/** @throws RangeError for a dialect that has no codec yet */
export function codec(dialect: Dialect): DialectCodec {
  const found = findCodec(dialect);
  if (!found)
    throw new RangeError(`codec: no codec for dialect "${dialect}"; there are ${[...CODECS.keys()].join(', ')}`);
  return found;
}
