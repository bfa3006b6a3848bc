import type { CallerDialect, Heard } from './caller.ts';

/** What a caller got. `defect` is everything that must never be: a cut answer as a success, an error that nobody can read. */
export type Verdict =
  | { readonly got: 'answer'; readonly by: string; readonly text: string }
  | {
      readonly got: 'error';
      readonly status: number;
      readonly retryAfterMs: number | undefined;
      readonly message: string;
    }
  | { readonly got: 'broken'; readonly message: string }
  | { readonly got: 'defect'; readonly why: string };

type Json = Readonly<Record<string, unknown>>;

const defect = (why: string): Verdict => ({ got: 'defect', why });

/** Reads what a caller heard with the eyes of a strict client. */
export function judge(heard: Heard, dialect: CallerDialect, stream: boolean): Verdict {
  if (!heard.complete) return defect('the response breaks off');
  if (heard.status !== 200) return judgeError(heard, dialect);
  return stream ? judgeStream(heard, dialect) : judgeWhole(heard, dialect);
}

function judgeError({ status, headers, text }: Heard, dialect: CallerDialect): Verdict {
  if (status < 400) return defect(`status ${status}`);
  const body = parse(text);
  const message = body && errorMessage(body, dialect);
  if (message === undefined) return defect(`an error that is none of its dialect: ${text.slice(0, 200)}`);
  const ms = headers['retry-after-ms'];
  if (ms === undefined && headers['x-should-retry'] !== 'false')
    return defect('an error that does not say whether to come back');
  if ((ms === undefined) !== (headers['retry-after'] === undefined)) return defect('one hint without the other');
  return { got: 'error', status, message, retryAfterMs: ms === undefined ? undefined : Number(ms) };
}

function errorMessage(body: Json, dialect: CallerDialect): string | undefined {
  const { type, message } = object(body['error']);
  if (typeof type !== 'string' || typeof message !== 'string' || message === '') return undefined;
  return dialect === 'anthropic' && body['type'] !== 'error' ? undefined : message;
}

function judgeWhole({ text, headers }: Heard, dialect: CallerDialect): Verdict {
  const body = parse(text);
  if (body === undefined) return defect(`a 200 that is no JSON: ${text.slice(0, 200)}`);
  const [words, finish] = dialect === 'openai' ? readChat(body) : readMessage(body);
  return answered(words, finish, headers);
}

function readChat(body: Json): [unknown, unknown] {
  const choice = object(list(body['choices'])[0]);
  return [object(choice['message'])['content'], choice['finish_reason']];
}

function readMessage(body: Json): [unknown, unknown] {
  return [object(list(body['content'])[0])['text'], body['stop_reason']];
}

const NORMAL_ENDS: readonly unknown[] = ['stop', 'end_turn'];

/** The simulator ends every text with a full stop, so one that was cut shows. */
function answered(words: unknown, finish: unknown, headers: Heard['headers']): Verdict {
  if (!NORMAL_ENDS.includes(finish)) return defect(`a finish reason of ${String(finish)}`);
  if (typeof words !== 'string' || !words.endsWith('.'))
    return defect(`a cut answer as a success: ${String(words).slice(-80)}`);
  return { got: 'answer', by: String(headers['x-gateway-provider']), text: words };
}

function judgeStream({ text, headers }: Heard, dialect: CallerDialect): Verdict {
  if (headers['content-type'] !== 'text/event-stream') return defect(`a stream of ${headers['content-type']}`);
  if (text.includes('\r')) return defect('a stream with CRs');
  const frames = text.split('\n\n');
  if (frames.pop() !== '') return defect('a last event without its end');
  const events = frames.filter((frame) => !frame.startsWith(':')).map(readFrame);
  const failed = events.findIndex(({ body }) => body !== undefined && errorMessage(body, dialect) !== undefined);
  const ends = events.filter(({ data, event }) =>
    dialect === 'openai' ? data === '[DONE]' : event === 'message_stop',
  );
  if (failed !== -1) {
    if (ends.length > 0) return defect('an error and a normal end');
    if (failed !== events.length - 1) return defect('more events behind an error');
    const { body = {} } = events[failed] ?? {};
    return { got: 'broken', message: errorMessage(body, dialect) ?? '' };
  }
  const unreadable = events.find(({ data, body }) => body === undefined && data !== '[DONE]');
  if (unreadable) return defect(`an event that cannot be read: ${unreadable.data.slice(0, 100)}`);
  if (ends.length !== 1 || events.at(-1) !== ends[0]) return defect(`${ends.length} end markers, or not at the end`);
  const [words, finish] = dialect === 'openai' ? readChunks(events) : readDeltas(events);
  return answered(words, finish, headers);
}

interface Frame {
  readonly event: string | undefined;
  readonly data: string;
  readonly body: Json | undefined;
}

function readFrame(frame: string): Frame {
  const lines = frame.split('\n');
  const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
  return { event, data: data.join('\n'), body: parse(data.join('\n')) };
}

function readChunks(events: readonly Frame[]): [string, unknown] {
  let words = '';
  let finish: unknown;
  for (const { body } of events) {
    const choice = object(list(body?.['choices'])[0]);
    words += text(object(choice['delta'])['content']);
    finish = choice['finish_reason'] ?? finish;
  }
  return [words, finish];
}

function readDeltas(events: readonly Frame[]): [string, unknown] {
  let words = '';
  let finish: unknown;
  for (const { body } of events) {
    const delta = object(body?.['delta']);
    words += text(delta['text']);
    finish = delta['stop_reason'] ?? finish;
  }
  return [words, finish];
}

function parse(text: string): Json | undefined {
  try {
    return object(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
