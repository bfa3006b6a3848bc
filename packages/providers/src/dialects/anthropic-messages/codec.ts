import type { DialectCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeError, encodeStreamError } from './error.ts';
import { EventDecoder } from './stream-decoder.ts';
import { END_FRAME, EventEncoder } from './stream-encoder.ts';
import { decodeUsage } from './usage.ts';

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
  encodeError,
  encodeStreamError,
};
