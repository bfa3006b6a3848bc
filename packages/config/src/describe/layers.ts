import type { DescribedLayer } from '@x/core';
import type { Config } from '../config.ts';
import { columns, plural } from './columns.ts';
import { describeAdmission, describeAnonymous } from './governance.ts';

/** One line for each layer in its place: how often it runs, which its position decides, and what it does. */
export function describeLayers(layers: readonly DescribedLayer[], config: Config): string[] {
  return columns(
    layers.map((layer) => {
      const { name, options, per, repeats } = layer;
      if (options === false) return [name, '', 'off'];
      const runs = per === undefined ? 'once' : `per ${per}`;
      const words = WORDS[name]?.(config) ?? foreignWords(layer);
      return [name, repeats === undefined ? runs : `${runs}, again for each ${repeats}`, words];
    }),
  );
}

const WORDS: Readonly<Record<string, (config: Config) => string | undefined>> = {
  'telemetry.request': () => 'one record and one log line',
  identify: ({ governance }) => governance && describeAnonymous(governance),
  authorize: ({ governance }) => governance && describeAdmission(governance),
  countEstimates: () => 'estimates a count of tokens that no provider gives',
  route: ({ chains }) => `${plural(Object.keys(chains).length, 'chain')}; the fallbacks of a request win`,
  resume: ({ streams }) =>
    `re-enters after a break: ${streams.resume}, ${plural(streams.maxRescues, 'rescue')}, up to ${streams.maxResumeChars} characters`,
  hedge: ({ hedge }) => (hedge === false ? 'off' : hedgeWords(hedge)),
  fallback: ({ fallback }) => `patience ${fallback.patienceMs} ms, waits ${fallback.maxWaitMs} ms at most`,
  breaker: ({ breaker }) => (breaker === false ? 'off' : breakerWords(breaker)),
  hold: ({ streams }) => `hands on with ${streams.hold === 'complete' ? 'all content' : 'the first content'}`,
  backoff: ({ backoff }) =>
    `${plural(backoff.maxAttempts, 'attempt')}, ${backoff.jitter} jitter, ${backoff.baseMs} to ${backoff.capMs} ms, ${budgetWords(backoff.budget)}`,
  keypool: ({ keypool }) =>
    `keys that have room, ${keypool.maxWaiting} requests wait at most ${keypool.maxWaitMs} ms; after a 429 a key rests ${keypool.cooldownMs} to ${keypool.cooldownCapMs} ms, or as told`,
  'telemetry.attempt': () => 'one entry in the trail',
  timeLimits: ({ streams }) =>
    `first content ${limit(streams.firstTokenMs)} while another target remains, silence ${limit(streams.idleMs)}`,
  providers: ({ providers }) => Object.keys(providers).join(', '),
};

function foreignWords({ options, foreign }: DescribedLayer): string {
  if (foreign) return 'a layer of your own';
  return options === undefined ? '' : JSON.stringify(options);
}

function limit(ms: number | false): string {
  return ms === false ? 'without limit' : `within ${ms} ms`;
}

function budgetWords(budget: Config['backoff']['budget']): string {
  return budget === false ? 'no retry budget' : `retry budget ${budget.burst} + ${budget.deposit} per request`;
}

function breakerWords({
  failuresInARow,
  failureRatio,
  minCalls,
  openMs,
  maxOpenMs,
}: Exclude<Config['breaker'], false>) {
  const part = `${Math.round(failureRatio * 1_000) / 10} % of ${minCalls} calls or more`;
  return `left alone after ${failuresInARow} failures in a row or ${part}, for ${openMs} to ${maxOpenMs} ms`;
}

function hedgeWords({ delayMs, quantile, budget }: Exclude<Config['hedge'], false>) {
  const when = delayMs === undefined ? `when ${quantile * 100} % would have answered` : `after ${delayMs} ms`;
  return `may call twice: a second call ${when}, for ${budget * 100} % of the requests at most`;
}
