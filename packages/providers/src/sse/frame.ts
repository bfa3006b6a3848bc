import type { EventSourceMessage } from 'eventsource-parser';

/** One event of a stream as it arrived. */
export interface WireEvent extends EventSourceMessage {
  /** The frame itself, one character for each byte, where frames are binary. */
  readonly raw?: string;
  /** The framing itself says that this is an error, whose name is the event's. */
  readonly exception?: boolean;
}

/** The event as text to be written: the same fields with the same content, in the plainest form of the standard. */
export function frameOf(event: WireEvent): string {
  const { data, raw } = event;
  if (raw !== undefined) return raw;
  let frame = event.event === undefined ? '' : `event: ${event.event}\n`;
  if (event.id !== undefined) frame += `id: ${event.id}\n`;
  return data.includes('\n') ? `${frame}data: ${data.replaceAll('\n', '\ndata: ')}\n\n` : `${frame}data: ${data}\n\n`;
}
