import type { TargetCodec } from '../codec.ts';
import { decodeAnswer, failureIn, readFinishReason } from './answer/decode-answer.ts';
import { decodeUsage } from './answer/usage.ts';
import { encodeRequest } from './request/encode-request.ts';
import { EventDecoder } from './stream/stream-decoder.ts';

/** Cohere's chat, version 2. Providers speak it; no caller does, so there is nothing here that reads a request or writes an answer. */
export const cohereChat: TargetCodec = {
  dialect: 'cohere.chat',
  encodeRequest,
  failureIn,
  decodeAnswer,
  readUsage: (body) => decodeUsage(body['usage']),
  readFinishReason,
  streamDecoder: () => new EventDecoder(),
  // The last event carries the finish reason; nothing follows it.
  endFrame: '',
};
