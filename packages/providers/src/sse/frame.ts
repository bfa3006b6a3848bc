import type { EventSourceMessage } from 'eventsource-parser';

/** One server-sent event as it arrived. */
export type WireEvent = EventSourceMessage;

/** The event as text to be written: the same fields with the same content, in the plainest form of the standard. */
export function frameOf(event: WireEvent): string {
  const { data } = event;
  let frame = event.event === undefined ? '' : `event: ${event.event}\n`;
  if (event.id !== undefined) frame += `id: ${event.id}\n`;
  return data.includes('\n') ? `${frame}data: ${data.replaceAll('\n', '\ndata: ')}\n\n` : `${frame}data: ${data}\n\n`;
}
