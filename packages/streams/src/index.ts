export { timeLimits } from './time-limits/time-limits.ts';
export { commitLimit, type CommitAsk, type Limit } from './time-limits/commit-limit.ts';
export { hold } from './hold/hold.ts';
export {
  HOLD_DEFAULTS,
  HOLD_POLICIES,
  RESUME_DEFAULTS,
  RESUME_POLICIES,
  TIME_LIMITS_DEFAULTS,
  type HoldOptions,
  type HoldPolicy,
  type ResumeEvent,
  type ResumeOptions,
  type ResumePolicy,
  type SilentEvent,
  type TimeLimitsOptions,
} from './options.ts';
export { resume } from './resume/resume.ts';
export type { ResumableDialect, SplicedEnd, StreamSplicer } from './resume/resumable-dialect.ts';
