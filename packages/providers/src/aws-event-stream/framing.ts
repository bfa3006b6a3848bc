import type { Framing } from '../framing.ts';
import { AwsFrameDecoder } from './frame-decoder.ts';

/** AWS's binary event stream. */
export const AWS_FRAMING: Framing = {
  contentType: 'application/vnd.amazon.eventstream',
  encoding: 'latin1',
  decoder: (maxEventChars) => new AwsFrameDecoder(maxEventChars),
};
