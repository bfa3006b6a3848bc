import { contextKey } from '@x/core';

/** Nobody sees anything of the stream before all of it is there, so the time for an answer goes on to its end. */
export const HELD = contextKey<boolean>('held');
