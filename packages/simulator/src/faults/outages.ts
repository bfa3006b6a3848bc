import { z } from 'zod';
import { fault } from './definition.ts';
import { both } from './expectation.ts';

const ms = (usual: number) => z.number().positive().default(usual);

/** Targets that are down for a time, and not for ever. */
export const OUTAGES = [
  fault({
    name: 'flapping',
    does: 'Down and up by turns: 500 for `downMs`, well for `upMs`, and again.',
    params: { downMs: ms(2_000), upMs: ms(2_000) },
    expects: both('server_error'),
    scope: 'any',
    strikes: ({ downMs, upMs }, { ageMs }) => ageMs % (downMs + upMs) < downMs,
    replace: (_params, site) => site.refuse(site.errors.serverError(site)),
  }),
  fault({
    name: 'recovering',
    does: 'Down for `downMs`; then it answers one request in `everyMs` and refuses the others for another `rampMs`.',
    params: { downMs: ms(10_000), everyMs: ms(1_000), rampMs: ms(10_000) },
    expects: both('overloaded'),
    scope: 'any',
    strikes: ({ downMs, everyMs, rampMs }, { ageMs, memory }) => {
      if (ageMs < downMs) return true;
      if (ageMs >= downMs + rampMs) return false;
      if (ageMs < (memory.get('next') ?? 0)) return true;
      memory.set('next', ageMs + everyMs);
      return false;
    },
    replace: (_params, site) => site.refuse(site.errors.overloaded(site)),
  }),
] as const;
