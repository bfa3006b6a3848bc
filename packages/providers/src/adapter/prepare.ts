import type { JsonObject, LlmRequest } from '@x/core';
import { JsonBody, OUR_MEMBERS, PipelineError } from '@x/core';
import type { CallerCodec, TargetCodec } from '../dialects/codec.ts';
import { findCodec } from '../dialects/lookup.ts';
import { nativeInput } from '../dialects/openai-responses/foreign-thought.ts';
import type { HostQuirks } from '../dialects/quirks.ts';
import { TranslationNotes } from '../hub/notes.ts';
import { objectOf } from '../json/read.ts';
import { isTooDeep } from '../json/too-deep.ts';
import type { Surface } from './surface.ts';

/** A request as it goes to the provider. */
export interface PreparedRequest {
  readonly bytes: Uint8Array;
  /** How to read what comes back for the caller; undefined where the caller speaks the provider's dialect. */
  readonly caller: CallerCodec | undefined;
  /** Whether the caller wants token counts in its stream. */
  readonly includeUsage: boolean;
  /** Whether they were asked for on our behalf only, and must not be seen. */
  readonly hideUsage: boolean;
  /** What a translation has to tell. */
  readonly notes: Readonly<Record<string, string>>;
}

/** Where chats are asked for at a provider. */
export interface ChatOutlet extends Pick<Surface, 'members'> {
  readonly native: TargetCodec;
  readonly quirks: HostQuirks;
}

const NO_NOTES = {};
const WITHOUT_OURS: JsonObject = Object.fromEntries(OUR_MEMBERS.map((name) => [name, undefined]));

/**
 * The body for the provider: the caller's own bytes with the model's name put in, or a translation through the hub.
 * @throws PipelineError `invalid_request` that names the field which cannot be sent
 */
export function prepare(request: LlmRequest, outlet: ChatOutlet): PreparedRequest {
  const { native } = outlet;
  if (request.dialect === native.dialect) return passThrough(request, outlet);
  const caller = findCodec(request.dialect);
  if (caller === undefined) {
    throw new PipelineError('invalid_request', `no translation from ${request.dialect} to ${native.dialect}`, {
      code: 'unsupported_dialect',
      target: request.target,
    });
  }
  try {
    return translate(request, caller, outlet);
  } catch (cause) {
    if (!isTooDeep(cause)) throw cause;
    throw new PipelineError('invalid_request', 'the body is nested too deeply', { code: 'invalid_json', cause });
  }
}

function translate(request: LlmRequest, caller: CallerCodec, { native, quirks, members }: ChatOutlet): PreparedRequest {
  const notes = new TranslationNotes();
  const decoded = caller.decodeRequest(request.body.value, notes);
  const options = { model: request.target.model, quirks, notes };
  const body = native.encodeRequest({ ...decoded, stream: request.stream }, options);
  return {
    bytes: JsonBody.of(members === undefined ? body : { ...body, ...members }).bytes,
    caller,
    includeUsage: wantsUsage(request),
    hideUsage: false,
    notes: notes.headers(),
  };
}

function passThrough(request: LlmRequest, { quirks, members }: ChatOutlet): PreparedRequest {
  const changes: Record<string, JsonObject[string]> = { model: request.target.model, ...WITHOUT_OURS, ...members };
  const includeUsage = wantsUsage(request);
  let hideUsage = false;
  if (request.dialect === 'openai.chat') {
    hideUsage = askForUsage(request, quirks, changes);
    if (quirks.onlyMaxTokensField) renameMaxTokens(request.body.value, quirks.maxTokensField, changes);
  } else if (request.dialect === 'openai.responses') {
    const input = nativeInput(request.body.value['input']);
    if (input !== undefined) changes['input'] = input;
  }
  return { bytes: request.body.edit(changes), caller: undefined, includeUsage, hideUsage, notes: NO_NOTES };
}

/** Token counts are wanted of every stream; returns whether the caller must not notice. */
function askForUsage(request: LlmRequest, quirks: HostQuirks, changes: Record<string, JsonObject[string]>): boolean {
  if (!quirks.streamOptions) {
    changes['stream_options'] = undefined;
    return false;
  }
  if (!request.stream || wantsUsage(request)) return false;
  changes['stream_options'] = { ...objectOf(request.body.value['stream_options']), include_usage: true };
  return true;
}

/** For hosts that refuse the other of the two names. */
function renameMaxTokens(
  value: JsonObject,
  wanted: HostQuirks['maxTokensField'],
  changes: Record<string, JsonObject[string]>,
): void {
  const other = wanted === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  if (value[other] === undefined) return;
  changes[other] = undefined;
  changes[wanted] = value[wanted] ?? value[other];
}

function wantsUsage({ body }: LlmRequest): boolean {
  return objectOf(body.value['stream_options'])['include_usage'] === true;
}
