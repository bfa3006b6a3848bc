import type { Dialect } from '@x/core';
import { anthropicMessages } from './anthropic-messages/codec.ts';
import { bedrockConverse } from './bedrock-converse/codec.ts';
import type { DialectCodec, TargetCodec } from './codec.ts';
import { cohereChat } from './cohere-chat/codec.ts';
import { geminiGenerate } from './gemini-generate/codec.ts';
import { openaiChat } from './openai-chat/codec.ts';
import { openaiResponses } from './openai-responses/codec.ts';

const CODECS: ReadonlyMap<string, DialectCodec> = new Map(
  [openaiChat, openaiResponses, anthropicMessages, geminiGenerate, bedrockConverse].map((each) => [each.dialect, each]),
);

/** Those that only providers speak are here beside the others. */
const TARGET_CODECS: ReadonlyMap<string, TargetCodec> = new Map<string, TargetCodec>([
  ...CODECS,
  [cohereChat.dialect, cohereChat],
]);

/** The codec of a dialect that callers speak, or undefined for another. */
export function findCodec(dialect: string): DialectCodec | undefined {
  return CODECS.get(dialect);
}

/** @throws RangeError for a dialect that no caller speaks */
export function codec(dialect: Dialect): DialectCodec {
  return found(CODECS, dialect);
}

/** What an adapter needs to ask in a dialect. @throws RangeError for a dialect in which nobody can be asked */
export function targetCodec(dialect: Dialect): TargetCodec {
  return found(TARGET_CODECS, dialect);
}

function found<Codec>(codecs: ReadonlyMap<string, Codec>, dialect: Dialect): Codec {
  const codec = codecs.get(dialect);
  if (codec !== undefined) return codec;
  throw new RangeError(`codec: no codec for dialect "${dialect}"; there are ${[...codecs.keys()].join(', ')}`);
}
