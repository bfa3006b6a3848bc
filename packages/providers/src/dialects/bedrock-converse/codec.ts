import { AWS_FRAMING } from '../../aws-event-stream/framing.ts';
import type { DialectCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { encodeAnswer } from './answer/encode-answer.ts';
import { decodeUsage } from './answer/usage.ts';
import { encodeError, encodeStreamError } from './error.ts';
import { decodeRequest } from './request/decode-request.ts';
import { encodeRequest } from './request/encode-request.ts';
import { ConverseDecoder } from './stream/stream-decoder.ts';
import { ConverseEncoder } from './stream/stream-encoder.ts';

/** AWS Bedrock Converse and ConverseStream. Frames are binary, so each character of one is a byte. */
export const bedrockConverse: DialectCodec = {
  dialect: 'bedrock.converse',
  framing: AWS_FRAMING,
  decodeRequest,
  encodeRequest,
  failureIn,
  decodeAnswer,
  encodeAnswer,
  readUsage: (body) => decodeUsage(body['usage']),
  readFinishReason,
  streamDecoder: () => new ConverseDecoder(),
  streamEncoder: (meta) => new ConverseEncoder(meta),
  // The last event carries the token counts; without them the stream just ends.
  endFrame: '',
  // There is no event that all clients pass over.
  keepAliveFrame: '',
  encodeError,
  encodeStreamError,
};
