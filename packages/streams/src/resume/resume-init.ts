import type { Context, Handler, LlmRequest, LlmResponse } from '@x/core';
import type { ResumeSettings } from '../options.ts';
import type { PrefillMemory } from './prefill-memory.ts';
import type { ResumableDialect } from './resumable-dialect.ts';

/** One streamed request, and what it may be resumed with. */
export interface ResumeInit {
  readonly settings: ResumeSettings;
  readonly memory: PrefillMemory;
  readonly dialect: ResumableDialect;
  readonly next: Handler<LlmRequest, LlmResponse>;
  readonly request: LlmRequest;
  readonly context: Context;
}
