import type { DialectCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { decodeRequest } from './request/decode-request.ts';
import { encodeAnswer } from './answer/encode-answer.ts';
import { encodeRequest } from './request/encode-request.ts';
import { encodeError, encodeStreamError } from './error.ts';
import { EventDecoder } from './stream/stream-decoder.ts';
import { END_FRAME, EventEncoder } from './stream/stream-encoder.ts';
import { decodeUsage } from './answer/usage.ts';

/** Anthropic Messages. */
export const anthropicMessages: DialectCodec = {
  dialect: 'anthropic.messages',
  decodeRequest,
  encodeRequest,
  failureIn,
  decodeAnswer,
  encodeAnswer,
  readUsage: (body) => decodeUsage(body['usage']),
  readFinishReason,
  streamDecoder: () => new EventDecoder(),
  streamEncoder: (meta) => new EventEncoder(meta),
  endFrame: END_FRAME,
  keepAliveFrame: 'event: ping\ndata: {"type": "ping"}\n\n',
  encodeError,
  encodeStreamError,
};
