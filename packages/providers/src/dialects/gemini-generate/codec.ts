import type { DialectCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { encodeAnswer } from './answer/encode-answer.ts';
import { decodeUsage } from './answer/usage.ts';
import { encodeError, encodeStreamError } from './error.ts';
import { decodeRequest } from './request/decode-request.ts';
import { encodeRequest } from './request/encode-request.ts';
import { ResponseDecoder } from './stream/stream-decoder.ts';
import { ResponseEncoder } from './stream/stream-encoder.ts';

/** Gemini's generateContent and, as server-sent events, streamGenerateContent. The model and the method stand in the path. */
export const geminiGenerate: DialectCodec = {
  dialect: 'gemini.generate',
  decodeRequest,
  encodeRequest,
  failureIn,
  decodeAnswer,
  encodeAnswer,
  readUsage: (body) => decodeUsage(body['usageMetadata']),
  readFinishReason,
  streamDecoder: (requestId) => new ResponseDecoder(requestId),
  streamEncoder: (meta) => new ResponseEncoder(meta),
  // A stream is over when its connection is.
  endFrame: '',
  keepAliveFrame: ': keep-alive\n\n',
  encodeError,
  encodeStreamError,
};
