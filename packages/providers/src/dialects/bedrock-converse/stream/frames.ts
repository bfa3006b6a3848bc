import { FrameType } from '../../../aws-event-stream/encode-frame.ts';

const event = (type: string) =>
  new FrameType({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' });

/** The events of ConverseStream. */
export const FRAMES = {
  messageStart: event('messageStart'),
  contentBlockStart: event('contentBlockStart'),
  contentBlockDelta: event('contentBlockDelta'),
  contentBlockStop: event('contentBlockStop'),
  messageStop: event('messageStop'),
  metadata: event('metadata'),
} as const;
