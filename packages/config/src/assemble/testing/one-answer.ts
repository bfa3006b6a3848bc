/** A stream as a strict client of its dialect reads it. @throws Error where it is not one valid stream */
export function readStream(
  dialect: string,
  wire: string,
): { text: string; ended: boolean; failed: boolean; usage: unknown } {
  if (dialect === 'bedrock.converse') return readConverse(wire);
  const events = wire
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) =>
      event
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice(6))
        .join('\n'),
    );
  if (dialect === 'openai.chat') return readChat(events);
  if (dialect === 'openai.responses') return readResponses(events.map((data) => JSON.parse(data) as ResponseWire));
  if (dialect === 'gemini.generate') return readGenerate(events.map((data) => JSON.parse(data) as Generated));
  return readMessages(events.map((data) => JSON.parse(data) as Wire));
}

interface Wire {
  type: string;
  index: number;
  message: { id: string };
  delta: { type: string; text: string; stop_reason: string };
  usage: unknown;
}

function insist(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

interface Chunk {
  id: string;
  created: number;
  model: string;
  error?: unknown;
  usage?: unknown;
  choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[];
}

function readChat(events: readonly string[]) {
  const seen = { text: '', ended: false, failed: false, usage: undefined as unknown };
  let first: Chunk | undefined;
  let finishes = 0;
  for (const data of events) {
    insist(!seen.ended && !seen.failed, 'an event after the end');
    if (data === '[DONE]') {
      insist(finishes === 1, `${finishes} finish reasons`);
      seen.ended = true;
      continue;
    }
    const chunk = JSON.parse(data) as Chunk;
    if (chunk.error !== undefined) {
      seen.failed = true;
      continue;
    }
    first ??= chunk;
    insist(chunk.id === first.id && chunk.created === first.created && chunk.model === first.model, 'another answer');
    insist(chunk === first || chunk.choices[0]?.delta.role === undefined, 'another start');
    if (chunk.usage) seen.usage = chunk.usage;
    for (const { delta, finish_reason: reason } of chunk.choices) {
      insist(finishes === 0 || !delta.content, 'text after the finish');
      seen.text += delta.content ?? '';
      if (reason !== null) finishes += 1;
    }
  }
  return seen;
}

interface ResponseWire {
  type: string;
  sequence_number: number;
  item_id: string;
  output_index: number;
  delta: string;
  item: { id: string; content: { text: string }[] };
  response: { id: string; output: unknown[]; usage: unknown };
}

function readResponses(events: readonly ResponseWire[]) {
  const seen = { text: '', ended: false, failed: false, usage: undefined as unknown };
  const items: unknown[] = [];
  let open: string | undefined;
  let inItem = '';
  events.forEach(({ type, sequence_number: number, item_id: id, output_index: index, delta, item, response }, at) => {
    insist(!seen.ended && !seen.failed, 'an event after the end');
    insist(number === at, `event ${at} has the number ${number}`);
    insist((at === 0) === (type === 'response.created'), 'another start, or none');
    if (id !== undefined) insist(id === open && index === items.length, `an event of ${id} while ${open} is open`);
    if (type === 'response.output_item.added') {
      insist(open === undefined && index === items.length, `item ${index} begins after ${items.length}`);
      [open, inItem] = [item.id, ''];
    } else if (type === 'response.output_text.delta') {
      seen.text += delta;
      inItem += delta;
    } else if (type === 'response.output_item.done') {
      insist(item.id === open && item.content.map(({ text }) => text).join('') === inItem, 'another item at its end');
      items.push(item);
      open = undefined;
    } else if (type === 'response.completed') {
      insist(response.id === events[0]?.response.id, 'another answer');
      insist(JSON.stringify(response.output) === JSON.stringify(items), 'another output at the end');
      seen.usage = response.usage;
      seen.ended = true;
    } else if (type === 'error') seen.failed = true;
  });
  return seen;
}

function readMessages(events: readonly Wire[]) {
  const seen = { text: '', ended: false, failed: false, usage: undefined as unknown };
  let starts = 0;
  let blocks = 0;
  let open = false;
  let deltas = 0;
  for (const { type, index, delta, usage } of events) {
    insist(!seen.ended && !seen.failed, 'an event after the end');
    if (type === 'message_start') insist((starts += 1) === 1, 'another start');
    else insist(starts === 1 || type === 'error', 'no start');
    if (type === 'content_block_start') {
      insist(!open && index === blocks, `block ${index} begins after ${blocks}`);
      open = true;
    } else if (type === 'content_block_delta') {
      insist(open && index === blocks && deltas === 0, 'a delta outside of its block');
      seen.text += delta.text;
    } else if (type === 'content_block_stop') {
      insist(open && index === blocks, 'the end of a block that is not open');
      open = false;
      blocks += 1;
    } else if (type === 'message_delta') {
      insist(!open && (deltas += 1) === 1, 'another message_delta');
      seen.usage = usage;
    } else if (type === 'message_stop') {
      insist(deltas === 1, 'no message_delta');
      seen.ended = true;
    } else if (type === 'error') seen.failed = true;
  }
  return seen;
}

interface Generated {
  responseId: string;
  modelVersion: string;
  error?: unknown;
  usageMetadata?: unknown;
  candidates: { content: { parts: { text: string }[] }; finishReason?: string }[];
}

function readGenerate(events: readonly Generated[]) {
  const seen = { text: '', ended: false, failed: false, usage: undefined as unknown };
  for (const { responseId, modelVersion, error, candidates, usageMetadata } of events) {
    insist(!seen.ended && !seen.failed, 'an event after the end');
    if (error !== undefined) {
      seen.failed = true;
      continue;
    }
    const [first] = events;
    insist(responseId === first?.responseId && modelVersion === first.modelVersion, 'another answer');
    seen.usage = usageMetadata ?? seen.usage;
    for (const { content, finishReason } of candidates) {
      seen.text += content.parts.map(({ text }) => text).join('');
      if (finishReason !== undefined) seen.ended = true;
    }
  }
  return seen;
}

const LENGTHS = { prelude: 12, checksum: 4 } as const;

/** Frames of one character a byte. Each begins with its length and that of its headers, whose names and values tell what it is. */
function readConverse(wire: string) {
  const seen = { text: '', ended: false, failed: false, usage: undefined as unknown };
  const bytes = Buffer.from(wire, 'latin1');
  let starts = 0;
  let open: number | undefined;
  let blocks = 0;
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    insist(seen.usage === undefined && !seen.failed, 'an event after the end');
    const from = at + LENGTHS.prelude + bytes.readUInt32BE(at + 4);
    const headers = bytes.toString('latin1', at + LENGTHS.prelude, from);
    const end = at + bytes.readUInt32BE(at) - LENGTHS.checksum;
    const { contentBlockIndex: index, delta, usage } = JSON.parse(bytes.toString('utf8', from, end)) as Converse;
    if (headers.includes('messageStart')) insist((starts += 1) === 1, 'another start');
    else if (headers.includes('contentBlockDelta')) {
      insist(starts === 1 && !seen.ended && index === blocks, `a delta of block ${index} after ${blocks}`);
      open = index;
      seen.text += delta.text;
    } else if (headers.includes('contentBlockStop')) {
      insist(open === index, 'the end of a block that is not open');
      open = undefined;
      blocks += 1;
    } else if (headers.includes('messageStop')) {
      insist(open === undefined && !seen.ended, 'an end with a block open');
      seen.ended = true;
    } else if (headers.includes('metadata')) seen.usage = usage;
    else if (headers.includes('exception')) seen.failed = true;
  }
  return seen;
}

interface Converse {
  contentBlockIndex: number;
  delta: { text: string };
  usage: unknown;
}
