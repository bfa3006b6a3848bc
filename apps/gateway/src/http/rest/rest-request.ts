import {
  createLlmRequest,
  JsonBody,
  PipelineError,
  type LlmRequest,
  type ResolveModel,
  type RestContent,
} from '@x/core';
import { parseForm } from './form.ts';
import type { RestPlace } from './rest-place.ts';

export interface RestParts {
  /** In capitals. */
  readonly method: string;
  readonly place: RestPlace;
  readonly headers: LlmRequest['headers'];
  readonly bytes: Uint8Array;
  readonly defaultProvider: string | undefined;
  /** What a name without a provider means. */
  readonly resolveModel: ResolveModel | undefined;
}

interface ReadBody {
  readonly body: JsonBody;
  readonly content: RestContent | undefined;
  /** Of forms, whose fields are all text. */
  readonly stream?: boolean;
}

const PROVIDER_HEADER = 'x-gateway-provider';

/**
 * A request for the pipeline out of one that is handed on. It goes to the provider of its model; one without a model, and one about
 * what a provider keeps, is for a provider by name, and what is asked for stands where its target's model would.
 * @throws PipelineError `invalid_request` that names the field, header or parameter at fault
 */
export async function createRestRequest(parts: RestParts): Promise<LlmRequest> {
  const { method, place, headers, defaultProvider, resolveModel } = parts;
  const { body, content, stream } = await readBody(parts);
  const named = namedProvider(place, headers);
  const provider = named ?? defaultProvider;
  const { model } = body.value;
  const base = { dialect: 'openai.rest', body, headers, ...(stream !== undefined && { stream }) } as const;
  if (model === undefined) {
    if (provider === undefined) throw missingProvider();
    const request = createLlmRequest({ ...base, model: `${provider}/${place.endpoint}` });
    return { ...request, fallbacks: place.keeps ? [] : request.fallbacks, rest: { method, path: place.path, content } };
  }
  const request = createLlmRequest({
    ...base,
    ...(named === undefined ? { resolveModel } : { model: modelAt(named, model) }),
    defaultProvider: provider,
  });
  if (!place.keeps) return { ...request, rest: { method, path: place.path, content } };
  const { target } = request;
  return {
    ...request,
    target: { provider: target.provider, model: place.endpoint },
    fallbacks: [],
    rest: { method, path: place.path, content, model: target.model },
  };
}

async function readBody({ headers, bytes }: RestParts): Promise<ReadBody> {
  const { 'content-type': type = 'application/json' } = headers;
  if (bytes.byteLength === 0) return { body: JsonBody.of({}), content: { contentType: type, bytes: () => bytes } };
  if (/^multipart\/form-data\b/i.test(type)) {
    const { fields, content } = await parseForm(type, bytes);
    return { body: JsonBody.of(fields), content, stream: fields['stream'] === 'true' };
  }
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return { body: JsonBody.parse(bytes), content: undefined };
  throw new PipelineError('invalid_request', 'the body must be JSON or a form (multipart/form-data)', {
    code: 'unsupported_content_type',
    param: 'content-type',
  });
}

/** The header wins: it is said about this request, and the parameter may stand in a base URL. */
function namedProvider({ provider }: RestPlace, headers: LlmRequest['headers']): string | undefined {
  const [name, param] =
    headers[PROVIDER_HEADER] === undefined ? [provider, 'provider'] : [headers[PROVIDER_HEADER], PROVIDER_HEADER];
  if (name === undefined || /^[\w.-]{1,64}$/.test(name)) return name;
  throw new PipelineError('invalid_request', `${param} must be the name of a provider`, {
    code: 'invalid_field',
    param,
  });
}

/** A model of a provider that is named beside it, whose own names may hold slashes. */
function modelAt(provider: string, model: unknown): string {
  if (typeof model !== 'string' || model === '') {
    throw new PipelineError('invalid_request', 'model must be a text that is not empty', {
      code: 'invalid_field',
      param: 'model',
    });
  }
  return model.startsWith(`${provider}/`) ? model : `${provider}/${model}`;
}

function missingProvider(): PipelineError {
  const message = `say whose it is, where no model does: ${PROVIDER_HEADER}, or the parameter provider`;
  return new PipelineError('invalid_request', message, { code: 'missing_provider', param: PROVIDER_HEADER });
}
