import { Buffer } from 'node:buffer';
import { tokensOf } from '../answer/tokens.ts';
import { refusal, type RestAnswer, type RestRequest } from './rest-answer.ts';

/** An image of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Bytes of speech for each character that is spoken, and pieces in which they come. */
const BYTES_PER_CHAR = 64;
const PIECES = 8;

type Endpoint = (request: RestRequest) => RestAnswer;

/** Endpoints each of whose calls stands for itself, all of them POST. */
export const STATELESS: Readonly<Record<string, Endpoint>> = {
  '/images/generations': images,
  '/images/edits': (request) =>
    request.files.length === 0 ? refusal(400, 'image is required', 'image') : images(request),
  '/audio/speech': speech,
  '/audio/transcriptions': hearing,
  '/audio/translations': hearing,
  '/moderations': ({ fields }) => {
    const inputs = Array.isArray(fields['input']) ? fields['input'] : [fields['input']];
    const results = inputs.map(() => ({ flagged: false, categories: {}, category_scores: {} }));
    return { body: { id: 'modr-1', model: fields['model'] ?? 'omni-moderation-latest', results } };
  },
  '/completions': completions,
  '/rerank': ({ fields }) => {
    const documents = Array.isArray(fields['documents']) ? fields['documents'] : [];
    const results = documents.map((_, index) => ({ index, relevance_score: 1 / (index + 1) }));
    return { body: { id: 'rerank-1', model: fields['model'], results, usage: { total_tokens: documents.length } } };
  },
};

function images({ fields }: RestRequest): RestAnswer {
  const { prompt, n } = fields;
  if (typeof prompt !== 'string' || prompt === '') return refusal(400, 'prompt is required', 'prompt');
  const count = Number(n ?? 1);
  const data = Array.from({ length: count }, () => ({ b64_json: PIXEL }));
  const [input, output] = [tokensOf(prompt.length), 272 * count];
  const usage = { input_tokens: input, output_tokens: output, total_tokens: input + output };
  return { body: { created: 0, data, usage } };
}

function speech({ fields }: RestRequest): RestAnswer {
  const { input, voice } = fields;
  if (typeof input !== 'string' || input === '') return refusal(400, 'input is required', 'input');
  if (typeof voice !== 'string') return refusal(400, 'voice is required', 'voice');
  const size = Math.ceil((input.length * BYTES_PER_CHAR) / PIECES);
  // Every byte there is, so that nothing passes that takes them for text.
  const pieces = Array.from({ length: PIECES }, (_, piece) =>
    Buffer.from(Uint8Array.from({ length: size }, (_each, at) => (piece * size + at) % 256)),
  );
  return { type: 'audio/mpeg', body: undefined, pieces };
}

function hearing({ fields, files }: RestRequest): RestAnswer {
  const file = files.find(({ name }) => name === 'file');
  if (file === undefined) return refusal(400, "'file' is a required property", 'file');
  const text = `${file.content.byteLength} bytes of ${file.fileName}`;
  const tokens = { input_tokens: file.content.byteLength, output_tokens: tokensOf(text.length) };
  const usage = { type: 'tokens', ...tokens, total_tokens: tokens.input_tokens + tokens.output_tokens };
  if (fields['response_format'] === 'text')
    return { type: 'text/plain; charset=utf-8', body: undefined, pieces: [text] };
  if (fields['stream'] !== 'true') return { body: { text, usage } };
  const events = [
    { type: 'transcript.text.delta', delta: text },
    { type: 'transcript.text.done', text, usage },
  ];
  return { type: EVENTS, body: undefined, pieces: events.map((event) => `data: ${JSON.stringify(event)}\n\n`) };
}

const EVENTS = 'text/event-stream; charset=utf-8';

function completions({ fields }: RestRequest): RestAnswer {
  const { prompt, model, stream } = fields;
  if (typeof prompt !== 'string') return refusal(400, 'prompt is required', 'prompt');
  const text = ' and so on.';
  const [input, output] = [tokensOf(prompt.length), tokensOf(text.length)];
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const chunk = (more: object) => ({ id: 'cmpl-1', object: 'text_completion', created: 0, model, ...more });
  const choice = (words: string, reason: string | null) => ({
    index: 0,
    text: words,
    logprobs: null,
    finish_reason: reason,
  });
  if (stream !== true) return { body: chunk({ choices: [choice(text, 'stop')], usage }) };
  const events = [chunk({ choices: [choice(text, null)] }), chunk({ choices: [choice('', 'stop')], usage })];
  const pieces = [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
  return { type: EVENTS, body: undefined, pieces };
}
