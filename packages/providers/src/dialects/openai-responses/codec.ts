import type { DialectCodec } from '../codec.ts';
import { encodeError } from '../openai-chat/error.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { encodeAnswer } from './answer/encode-answer.ts';
import { decodeUsage } from './answer/usage.ts';
import { encodeStreamError } from './error.ts';
import { decodeRequest } from './request/decode-request.ts';
import { encodeRequest } from './request/encode-request.ts';
import { ResponseEventDecoder } from './stream/stream-decoder.ts';
import { ResponseEventEncoder } from './stream/stream-encoder.ts';

/** OpenAI Responses, without what is stored at the provider: that passes through, and cannot be translated. */
export const openaiResponses: DialectCodec = {
  dialect: 'openai.responses',
  decodeRequest,
  encodeRequest,
  failureIn,
  decodeAnswer,
  encodeAnswer,
  readUsage: (body) => decodeUsage(body['usage']),
  readFinishReason,
  streamDecoder: () => new ResponseEventDecoder(),
  streamEncoder: (meta) => new ResponseEventEncoder(meta),
  // The event that holds the finish reason is the end as well.
  endFrame: '',
  keepAliveFrame: ': keep-alive\n\n',
  encodeError,
  encodeStreamError,
};
