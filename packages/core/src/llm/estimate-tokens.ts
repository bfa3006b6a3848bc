/** Characters whose classes are looked at in each request; the rest is taken to be like them. */
const SAMPLED_CHARS = 1_024;

/** Characters in one stretch of a long text. */
const STRETCH_CHARS = 128;

/** How deep a body is looked into. */
const DEEPEST = 12;

/** Tokens of an image: OpenAI's price of one in low detail. */
const IMAGE_TOKENS = 85;

/** Tokens that the frame of a message costs. Source: OpenAI's cookbook on counting tokens. */
const MESSAGE_TOKENS = 3;

/** Characters of a file in base64 for each token: a page of a PDF has some 75 kB and costs some 2,000 tokens. */
const FILE_CHARS = 50;

/** Members that hold a file in base64, in the dialects that there are. */
const FILES: ReadonlySet<string> = new Set(['bytes', 'data', 'file_data']);

/** Members that are read by the model. */
const READ = [
  'messages',
  'system',
  'tools',
  'input',
  'instructions',
  'prompt',
  'contents',
  'systemInstruction',
  'toolConfig',
] as const;

interface Walk {
  tokens: number;
  /** Characters that may still be looked at one by one. */
  budget: number;
}

/**
 * Tokens of the prompt in a body of any dialect, about. Reads the value where it lies: nothing is turned into text, and the cost
 * is bounded by the number of its members, not of its characters. Off by a third on unusual text, which a ratio learned for each
 * model corrects.
 */
export function estimateInputTokens(body: Readonly<Record<string, unknown>>): number {
  const walk: Walk = { tokens: 0, budget: SAMPLED_CHARS };
  for (const name of READ) {
    const value = body[name];
    if (value !== undefined) visit(value, walk, 0);
  }
  return Math.max(1, Math.ceil(walk.tokens));
}

function visit(value: unknown, walk: Walk, depth: number): void {
  if (typeof value === 'string') {
    walk.tokens += textTokens(value, walk);
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    walk.tokens += 1;
  } else if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    if (Array.isArray(value)) for (const item of value) visit(item, walk, depth + 1);
    else visitObject(value as Readonly<Record<string, unknown>>, walk, depth);
  }
}

function visitObject(value: Readonly<Record<string, unknown>>, walk: Walk, depth: number): void {
  if ('role' in value) walk.tokens += MESSAGE_TOKENS;
  const { type } = value;
  if (type === 'image' || type === 'image_url' || type === 'input_image' || 'inlineData' in value || isImage(value)) {
    walk.tokens += IMAGE_TOKENS;
    return;
  }
  for (const name in value) {
    if (name === 'role' || name === 'type' || name === 'cache_control') continue;
    const member = value[name];
    if (typeof member === 'string' && member.length > STRETCH_CHARS && FILES.has(name)) {
      walk.tokens += member.length / FILE_CHARS;
    } else visit(member, walk, depth + 1);
  }
}

/** Bedrock's way to say it. */
function isImage({ image }: Readonly<Record<string, unknown>>): boolean {
  return typeof image === 'object' && image !== null && 'source' in image;
}

function textTokens(text: string, walk: Walk): number {
  const { length } = text;
  if (length === 0) return 0;
  if (walk.budget <= 0) return length / 4;
  if (length <= STRETCH_CHARS) {
    walk.budget -= length;
    return stretchTokens(text, 0, length);
  }
  // From the beginning, the middle and the end.
  walk.budget -= 3 * STRETCH_CHARS;
  const middle = (length - STRETCH_CHARS) >> 1;
  const sampled =
    stretchTokens(text, 0, STRETCH_CHARS) +
    stretchTokens(text, middle, middle + STRETCH_CHARS) +
    stretchTokens(text, length - STRETCH_CHARS, length);
  return (sampled / (3 * STRETCH_CHARS)) * length;
}

/** Tokens for each character of a class, about, by the vocabularies of today's models. */
const WORD = 1 / 5;
const DIGIT = 1 / 2.5;
const SYMBOL = 1 / 1.6;
const LETTER_BEYOND_ASCII = 1 / 2.2;
const IDEOGRAPH = 1 / 1.3;

const ASCII = Float64Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return WORD;
  if (/[0-9]/.test(character)) return DIGIT;
  return character === ' ' ? WORD / 4 : SYMBOL;
});

function stretchTokens(text: string, from: number, to: number): number {
  let tokens = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    tokens += code < 128 ? (ASCII[code] as number) : code >= 0x2e80 ? IDEOGRAPH : LETTER_BEYOND_ASCII;
  }
  return tokens;
}
