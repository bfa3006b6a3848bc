import {
  header,
  JsonBody,
  PipelineError,
  type Context,
  type Handler,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponse,
  type LlmCompletion,
} from '@x/core';
import { codec, SSE_FRAMING } from '@x/providers';
import type { Ask, Question } from '../calls/ask.ts';
import { embeddingsUsage } from '../calls/embeddings.ts';
import { costIn, trailIn } from './extra-fields.ts';
import type { ResolvedGateway } from './resolve-gateway.ts';
import { targetOfHeaders } from './refusal.ts';
import { openRemoteStream } from './remote-stream.ts';

/** Of the dialects that calls are made in. */
const PATHS: Readonly<Partial<Record<Question['dialect'], string>>> = {
  'openai.chat': '/v1/chat/completions',
  'openai.responses': '/v1/responses',
  'openai.embeddings': '/v1/embeddings',
};

/** Asks the gateway over HTTP, in the dialect that the question is in. */
export function createRemoteAsk({ baseURL, key }: ResolvedGateway, send: Handler<HttpRequest, HttpResponse>): Ask {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return async function ask(question, context) {
    const { dialect, body, stream } = question;
    const headers = {
      ...definedOnly(question.headers),
      ...authorization,
      'content-type': 'application/json',
      accept: stream ? SSE_FRAMING.contentType : 'application/json',
    };
    const url = baseURL + (PATHS[dialect] ?? '');
    const response = await send({ method: 'POST', url, headers, body: body.bytes }, context);
    const attempts = Number(header(response.headers, 'x-gateway-attempts') ?? 1);
    if (stream) {
      const { answer, cost } = openRemoteStream(response, question, context);
      return { response: answer, attempts: () => attempts, trail: () => [], cost };
    }
    const answer = await readAnswer(response, question, context);
    return {
      response: answer,
      attempts: () => attempts,
      trail: () => trailIn(answer.body.value),
      cost: () => costIn(answer.body.value),
    };
  };
}

async function readAnswer(response: HttpResponse, { dialect }: Question, context: Context): Promise<LlmCompletion> {
  const { headers } = response;
  const bytes = await readAll(response.body);
  let body: JsonBody;
  try {
    body = JsonBody.parse(bytes);
  } catch (cause) {
    throw new PipelineError('server_error', 'the gateway answered with a body that is no JSON object', {
      code: 'invalid_answer',
      cause,
    });
  }
  const { readUsage, readFinishReason } =
    dialect === 'openai.embeddings'
      ? { readUsage: embeddingsUsage, readFinishReason: () => undefined }
      : codec(dialect);
  return {
    stream: false,
    target: targetOfHeaders(headers) ?? unknownTarget(headers, context),
    dialect,
    headers,
    usage: readUsage(body.value),
    finishReason: readFinishReason(body.value),
    body,
  };
}

/** Something else than a gateway answered. */
function unknownTarget(headers: HttpHeaders, { id }: Context): never {
  throw new PipelineError(
    'server_error',
    `what answered at baseURL is no gateway: x-gateway-provider is missing (${id})`,
    {
      code: 'invalid_answer',
      upstream: { status: 200, headers },
    },
  );
}

async function readAll(body: HttpResponse['body']): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function definedOnly(headers: Question['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
