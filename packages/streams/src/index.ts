export { timeLimits } from './time-limits/time-limits.ts';
export { commitLimit, type CommitAsk, type Limit } from './time-limits/commit-limit.ts';
export { TIME_LIMITS_DEFAULTS, type TimeLimitsOptions } from './options.ts';
