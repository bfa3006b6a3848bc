import type { DialectCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { decodeRequest } from './request/decode-request.ts';
import { encodeAnswer } from './answer/encode-answer.ts';
import { encodeRequest } from './request/encode-request.ts';
import { encodeError, encodeStreamError } from './error.ts';
import { ChunkDecoder } from './stream/stream-decoder.ts';
import { ChunkEncoder, END_FRAME } from './stream/stream-encoder.ts';
import { decodeUsage } from './answer/usage.ts';

/** OpenAI Chat Completions, as OpenAI and its many lookalikes speak it. */
export const openaiChat: DialectCodec = {
  dialect: 'openai.chat',
  decodeRequest,
  encodeRequest,
  failureIn,
  decodeAnswer,
  encodeAnswer,
  readUsage: (body) => decodeUsage(body['usage']),
  readFinishReason,
  streamDecoder: () => new ChunkDecoder(),
  streamEncoder: (meta) => new ChunkEncoder(meta),
  endFrame: END_FRAME,
  keepAliveFrame: ': keep-alive\n\n',
  encodeError,
  encodeStreamError,
};
