import { NO_USAGE, type Dialect, type JsonObject } from '@x/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_QUIRKS } from '../../dialects/quirks.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import { thrownBy } from '../../testing/rejection.ts';
import { attempt } from '../../testing/attempt.ts';
import { EMBEDDINGS } from './embeddings.ts';
import { fromBase64, toBase64 } from './vector-bytes.ts';

const caller = (dialect: Dialect) => EMBEDDINGS.callers.find((each) => each.dialect === dialect) ?? fail(dialect);
const target = (dialect: Dialect) => EMBEDDINGS.targets.find((each) => each.dialect === dialect) ?? fail(dialect);
const fail = (dialect: Dialect): never => {
  throw new Error(`no codec for ${dialect}`);
};

/** What a caller's body becomes, and what of it is told. */
function translate([from, to]: readonly [Dialect, Dialect], body: JsonObject, model = 'm') {
  const notes = new TranslationNotes();
  const asked = caller(from).decodeRequest(body, notes);
  const sent = target(to).encodeRequest(asked, { model, quirks: DEFAULT_QUIRKS, notes });
  return { sent, notes: notes.headers() };
}

const OPENAI: JsonObject = { model: 'x', input: ['a', 'b'], dimensions: 4 };

describe('a request of OpenAI’s form becomes', () => {
  test.each<[Dialect, string, JsonObject, JsonObject]>([
    [
      'gemini.batch_embed',
      'g',
      {
        requests: ['a', 'b'].map((text) => ({
          model: 'models/g',
          content: { parts: [{ text }] },
          outputDimensionality: 4,
        })),
      },
      {},
    ],
    [
      'vertex.predict',
      'g',
      { instances: [{ content: 'a' }, { content: 'b' }], parameters: { outputDimensionality: 4 } },
      {},
    ],
    [
      'cohere.embed',
      'embed-v4.0',
      {
        model: 'embed-v4.0',
        texts: ['a', 'b'],
        input_type: 'search_document',
        embedding_types: ['float'],
        output_dimension: 4,
      },
      { 'x-gateway-adjusted': 'input_type=search_document' },
    ],
    [
      'bedrock.invoke',
      'us.cohere.embed-v4:0',
      { texts: ['a', 'b'], input_type: 'search_document', embedding_types: ['float'], output_dimension: 4 },
      { 'x-gateway-adjusted': 'input_type=search_document' },
    ],
  ])('%s', (to, model, sent, notes) => {
    expect(translate(['openai.embeddings', to], OPENAI, model)).toEqual({ sent, notes });
  });

  test('one of Titan, which takes one text at a time, and has one length in its first version', () => {
    const titan = (body: JsonObject, model: string) => translate(['openai.embeddings', 'bedrock.invoke'], body, model);
    const one = { input: 'a', dimensions: 256 };
    expect(titan(one, 'amazon.titan-embed-text-v2:0').sent).toEqual({ inputText: 'a', dimensions: 256 });
    expect(thrownBy(() => titan(OPENAI, 'amazon.titan-embed-text-v2:0'))).toMatchObject({ param: 'input' });
    expect(thrownBy(() => titan(one, 'amazon.titan-embed-text-v1'))).toMatchObject({ param: 'dimensions' });
    expect(thrownBy(() => titan(one, 'amazon.nova'))).toMatchObject({ param: 'model', code: 'unsupported_field' });
  });

  test.each(['query', 'search_query', 'QUERY'])('one with a purpose, as hosts call it: %s', (type) => {
    const body = { input: 'a', input_type: type };
    expect(translate(['openai.embeddings', 'cohere.embed'], body).sent).toMatchObject({ input_type: 'search_query' });
    expect(translate(['openai.embeddings', 'gemini.batch_embed'], body).sent).toMatchObject({
      requests: [{ taskType: 'RETRIEVAL_QUERY' }],
    });
  });

  test('what has no place is dropped and listed', () => {
    const body = { input: 'a', user: 'u', input_type: 'poem', seed: 1 };
    expect(translate(['openai.embeddings', 'gemini.batch_embed'], body).notes).toEqual({
      'x-gateway-dropped': 'seed, input_type, user',
    });
  });
});

describe('a request of Gemini’s form', () => {
  const batch = (...requests: JsonObject[]) => ({
    requests: requests.map((each) => ({
      model: 'models/x',
      content: { parts: [{ text: 'a' }, { text: 'b' }] },
      ...each,
    })),
  });

  test('becomes one of OpenAI’s, its parts put together', () => {
    const body = batch({ outputDimensionality: 8 }, { outputDimensionality: 8 });
    expect(translate(['gemini.batch_embed', 'openai.embeddings'], body)).toEqual({
      sent: { model: 'm', input: ['ab', 'ab'], encoding_format: 'float', dimensions: 8 },
      notes: {},
    });
  });

  test('whose texts have different purposes loses them, and one with different lengths is refused', () => {
    const purposes = batch({ taskType: 'RETRIEVAL_QUERY' }, { taskType: 'CLUSTERING' });
    expect(translate(['gemini.batch_embed', 'cohere.embed'], purposes).notes).toEqual({
      'x-gateway-dropped': 'taskType',
      'x-gateway-adjusted': 'input_type=search_document',
    });
    const lengths = batch({ outputDimensionality: 8 }, {});
    expect(thrownBy(() => translate(['gemini.batch_embed', 'cohere.embed'], lengths))).toMatchObject({
      code: 'unsupported_field',
      param: 'requests[1].outputDimensionality',
    });
  });

  test('names its model wherever it stands in a body that passes through', () => {
    const aimed = caller('gemini.batch_embed').aim?.(batch({}, {}), 'g');
    expect(aimed).toMatchObject({ requests: [{ model: 'models/g' }, { model: 'models/g' }] });
  });
});

describe('answers', () => {
  const vectors = [[0.5, -0.25]];

  test.each<[Dialect, JsonObject, number | undefined]>([
    ['openai.embeddings', { data: [{ embedding: [0.5, -0.25] }], usage: { prompt_tokens: 7 } }, 7],
    ['openai.embeddings', { data: [{ embedding: toBase64([0.5, -0.25]) }] }, undefined],
    ['gemini.embed', { embedding: { values: [0.5, -0.25] } }, undefined],
    ['gemini.batch_embed', { embeddings: [{ values: [0.5, -0.25] }], usageMetadata: { promptTokenCount: 7 } }, 7],
    ['vertex.predict', { predictions: [{ embeddings: { values: [0.5, -0.25], statistics: { token_count: 7 } } }] }, 7],
    ['bedrock.invoke', { embedding: [0.5, -0.25], inputTextTokenCount: 7 }, 7],
    ['bedrock.invoke', { embeddings: { float: vectors } }, 9],
    ['cohere.embed', { embeddings: { float: vectors }, meta: { billed_units: { input_tokens: 7 } } }, 7],
    ['cohere.embed', { embeddings: vectors }, undefined],
  ])('%s %j', (dialect, body, tokens) => {
    const { failureIn, decodeAnswer, readUsage } = target(dialect);
    expect(failureIn(body)).toBeUndefined();
    expect(decodeAnswer(body)).toEqual(vectors);
    const usage = readUsage(body, { 'x-amzn-bedrock-input-token-count': '9' });
    expect(usage).toEqual(tokens === undefined ? undefined : { ...NO_USAGE, inputTokens: tokens });
  });

  test.each(EMBEDDINGS.targets.map(({ dialect }) => dialect))('%s without vectors is none', (dialect) => {
    expect(target(dialect).failureIn({})).toMatchObject({ message: expect.stringContaining('without') });
    const told = { error: { message: 'no' }, message: 'no' };
    expect(JSON.stringify(target(dialect).failureIn(told))).toContain('no');
  });

  test('base64 is the bytes of 32-bit floats', () => {
    expect(toBase64([1, -2])).toBe('AACAPwAAAMA=');
    const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(floats, (vector) => {
        expect(fromBase64(toBase64(vector))).toEqual(vector);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void fromBase64(text)));
  });
});

test('any body is taken or refused with the field at fault, and any answer is read without a throw', () => {
  const names =
    'input model dimensions encoding_format input_type content parts text requests taskType title outputDimensionality data embedding embeddings values float predictions statistics usage meta error message'.split(
      ' ',
    );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, 0, 1.5, -1, 'a', '', true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }),
    ),
  }));
  const body = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 }) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(body, (any) => {
      for (const { decodeRequest, encodeAnswer } of EMBEDDINGS.callers) {
        const asked = attempt(() => decodeRequest(any, new TranslationNotes()));
        if (asked === undefined) continue;
        for (const { encodeRequest } of EMBEDDINGS.targets) {
          attempt(() => encodeRequest(asked, { model: 'm', quirks: DEFAULT_QUIRKS, notes: new TranslationNotes() }));
        }
        encodeAnswer([[1]], { model: 'm', asked, usage: undefined });
      }
      for (const { failureIn, decodeAnswer, readUsage } of EMBEDDINGS.targets) {
        failureIn(any);
        decodeAnswer(any);
        readUsage(any, {});
      }
    }),
    { numRuns: 500 },
  );
});
