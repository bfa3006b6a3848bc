import { randomFor } from '../engine/random.ts';

const SUBJECTS = [
  'The customer',
  'The team',
  'A second user',
  'The vendor',
  'Support',
  'The account owner',
  'An engineer',
];
const VERBS = [
  'reports that',
  'notes that',
  'confirms that',
  'expects that',
  'writes that',
  'believes that',
  'found that',
];
const OBJECTS = [
  'the export',
  'the login page',
  'the nightly sync',
  'the invoice',
  'the mobile app',
  'the dashboard',
  'the import job',
  'the second region',
  'the webhook',
];
const STATES = [
  'stalls',
  'fails',
  'works again',
  'is slower than before',
  'shows old numbers',
  'returns an empty list',
  'needs a restart',
  'is fine',
];
const ENDINGS = [
  'after the last update',
  'since Monday morning',
  'for large files only',
  'when two people edit at once',
  'on older browsers',
  'in about one case of ten',
  'and asks for a date by which it is fixed',
  'and no data is lost',
];

/** Sentences in store. With them a text of some 40,000 characters, so that answers differ. */
const SENTENCES = 600;

/** A long text, the same for the same seed, from which answers are cut. Plain ASCII that needs no escaping in JSON. */
export class Corpus {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(seed: number) {
    const random = randomFor(seed, 'corpus', 0);
    const starts: number[] = [];
    let text = '';
    for (let count = 0; count < SENTENCES; count += 1) {
      starts.push(text.length);
      const words = [SUBJECTS, VERBS, OBJECTS, STATES, ENDINGS].map(
        (choices) => choices[Math.floor(random() * choices.length)],
      );
      text += `${words.join(' ')}. `;
    }
    this.#text = text;
    this.#starts = starts;
  }

  /** `length` characters from the beginning of some sentence, broken off wherever that is. */
  cut(length: number, random: () => number): string {
    const start = this.#starts[Math.floor(random() * this.#starts.length)] ?? 0;
    const text = this.#text.slice(start, start + length);
    if (text.length === length) return text;
    const missing = length - text.length;
    return text + this.#text.repeat(Math.ceil(missing / this.#text.length)).slice(0, missing);
  }

  /** At most `length` characters that end with a word and a full stop. */
  sentence(length: number, random: () => number): string {
    const text = this.cut(Math.max(1, length), random);
    const space = text.lastIndexOf(' ', length - 1);
    if (space <= 0) return 'Yes.';
    const end = text[space - 1] === '.' ? space - 1 : space;
    return `${text.slice(0, end)}.`;
  }
}
