import {
  JsonBody,
  OUR_MEMBERS,
  PipelineError,
  type HttpResponse,
  type JsonObject,
  type LlmCompletion,
  type LlmStream,
} from '@x/core';
import { TranslationNotes } from '../hub/notes.ts';
import { isTooDeep } from '../json/too-deep.ts';
import { COUNTS } from '../tasks/counts/counts.ts';
import { EMBEDDINGS } from '../tasks/embeddings/embeddings.ts';
import type { TaskCaller, TaskFamily, TaskTarget } from '../tasks/task.ts';
import type { BoundedBody } from '../transport/response-body.ts';
import { refusal, type UpstreamCall } from './call.ts';
import { parseAnswer } from './complete.ts';
import type { OpenCall, ReadyCall, SentRequest } from './outlet.ts';
import type { ProviderProfile } from './profile.ts';
import { responseHeaders } from './response-headers.ts';
import type { Surface } from './surface.ts';

export function embeddingOpener(surface: Surface, profile: ProviderProfile): OpenCall {
  return taskOpener(EMBEDDINGS, surface, profile);
}

export function countOpener(surface: Surface, profile: ProviderProfile): OpenCall {
  return taskOpener(COUNTS, surface, profile);
}

function taskOpener<Asked, Answer>(
  { targets, callers }: TaskFamily<Asked, Answer>,
  surface: Surface,
  { quirks }: ProviderProfile,
): OpenCall {
  const target = targets.find(({ dialect }) => dialect === surface.dialect);
  if (target === undefined) throw new RangeError(`there is no way to ask in ${surface.dialect}`);
  return (call) => {
    const { dialect, target: aim, body } = call.request;
    const caller = callers.find((each) => each.dialect === dialect);
    const isOwn = dialect === surface.dialect;
    if (caller === undefined && !isOwn) {
      throw new PipelineError('invalid_request', `no translation from ${dialect} to ${surface.dialect}`, {
        code: 'unsupported_dialect',
        target: aim,
      });
    }
    if (caller === undefined || isOwn) {
      const named = caller?.aim?.(body.value, aim.model) ?? { model: aim.model };
      const bytes = body.edit({ ...named, ...WITHOUT_OURS, ...surface.members });
      return new TaskCall(call, target, { bytes, notes: {}, translation: undefined });
    }
    const notes = new TranslationNotes();
    try {
      const asked = caller.decodeRequest(body.value, notes);
      const encoded = target.encodeRequest(asked, { model: aim.model, quirks, notes });
      const { bytes } = JsonBody.of({ ...encoded, ...surface.members });
      return new TaskCall(call, target, { bytes, notes: notes.headers(), translation: { caller, asked } });
    } catch (cause) {
      if (!isTooDeep(cause)) throw cause;
      throw new PipelineError('invalid_request', 'the body is nested too deeply', { code: 'invalid_json', cause });
    }
  };
}

const WITHOUT_OURS: JsonObject = Object.fromEntries(OUR_MEMBERS.map((name) => [name, undefined]));

interface PreparedTask<Asked, Answer> {
  readonly bytes: Uint8Array;
  readonly notes: Readonly<Record<string, string>>;
  /** Undefined where the caller speaks the provider's dialect. */
  readonly translation: { readonly caller: TaskCaller<Asked, Answer>; readonly asked: Asked } | undefined;
}

/** A request that is answered in one piece, translated or as it is. */
class TaskCall<Asked, Answer> implements ReadyCall {
  readonly #call: UpstreamCall;
  readonly #target: TaskTarget<Asked, Answer>;
  readonly #prepared: PreparedTask<Asked, Answer>;

  constructor(call: UpstreamCall, target: TaskTarget<Asked, Answer>, prepared: PreparedTask<Asked, Answer>) {
    this.#call = call;
    this.#target = target;
    this.#prepared = prepared;
  }

  get sent(): SentRequest {
    const { bytes, translation } = this.#prepared;
    const json = 'application/json';
    return { bytes, contentType: json, accept: json, isOwn: translation === undefined };
  }

  isStream(): boolean {
    return false;
  }

  stream(): Promise<LlmStream> {
    throw new TypeError('what is answered in one piece is no stream');
  }

  complete(response: HttpResponse, whole: BoundedBody): LlmCompletion {
    const { dialect, target } = this.#call.request;
    const { notes, translation } = this.#prepared;
    const body = parseAnswer(this.#call, response, whole);
    const failure = this.#target.failureIn(body.value);
    if (failure !== undefined) throw refusal(this.#call, response, failure);
    const usage = this.#target.readUsage(body.value, response.headers);
    const headers = responseHeaders(response.headers, notes);
    const rest = { stream: false, target, dialect, headers, usage, finishReason: 'stop' } as const;
    if (translation === undefined) return { ...rest, body };
    const { caller, asked } = translation;
    const answer = this.#target.decodeAnswer(body.value);
    return { ...rest, body: JsonBody.of(caller.encodeAnswer(answer, { model: target.model, asked, usage })) };
  }
}
