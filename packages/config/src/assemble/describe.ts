import type { FindModel } from '@x/core';
import type { Config, KeyConfig } from '../config.ts';
import { columns, plural } from './columns.ts';
import { describeAdmission, describeAnonymous, describeGovernance } from './describe-governance.ts';
import { listTargets } from './targets.ts';

/** The effective configuration as lines of text, for people. Names of keys, never their values. */
export function describeConfig(config: Config, findModel?: FindModel): string[] {
  const { providers, chains, fallback, breaker, hedge, backoff, keypool, streams } = config;
  const retries =
    backoff.budget === false
      ? 'no retry budget'
      : `retry budget ${backoff.budget.burst} + ${backoff.budget.deposit} per request`;
  return [
    'providers',
    ...columns(
      Object.entries(providers).map(([name, { type, baseURL, keys }]) => [name, type, baseURL, describeKeys(keys)]),
    ),
    'chains',
    ...(Object.keys(chains).length === 0 ? ['  none but the fallbacks of requests'] : []),
    ...columns(Object.entries(chains).map(([primary, fallbacks]) => [primary, `-> ${fallbacks.join(' -> ')}`])),
    ...describeModels(config, findModel),
    ...describeGovernance(config),
    'pipeline, outermost first',
    ...columns([
      ['request telemetry', 'once', 'one record and one log line'],
      ...(config.governance ? [['identify', 'once', describeAnonymous(config.governance)]] : []),
      ['route', 'once', `${plural(Object.keys(chains).length, 'chain')}; the fallbacks of a request win`],
      [
        'resume',
        'once, re-enters after a break',
        `${streams.resume}, ${plural(streams.maxRescues, 'rescue')}, up to ${streams.maxResumeChars} characters`,
      ],
      ['hedge', 'once, may call twice', describeHedge(hedge)],
      [
        'fallback',
        'once, loops over targets',
        `patience ${fallback.patienceMs} ms, waits ${fallback.maxWaitMs} ms at most`,
      ],
      ...(config.governance ? [['authorize', 'per target', describeAdmission(config.governance)]] : []),
      ['breaker', 'per target', describeBreaker(breaker)],
      ['hold', 'per target', `hands on with ${streams.hold === 'complete' ? 'all content' : 'the first content'}`],
      [
        'backoff',
        'per target, loops over attempts',
        `${plural(backoff.maxAttempts, 'attempt')}, ${backoff.jitter} jitter, ${backoff.baseMs} to ${backoff.capMs} ms, ${retries}`,
      ],
      [
        'keypool',
        'per attempt, loops over keys',
        `keys that have room, ${keypool.maxWaiting} requests wait at most ${keypool.maxWaitMs} ms; after a 429 a key rests ${keypool.cooldownMs} to ${keypool.cooldownCapMs} ms, or as told`,
      ],
      ['attempt telemetry', 'per upstream call', 'one entry in the trail'],
      [
        'time limits',
        'per upstream call',
        `first content ${limit(streams.firstTokenMs)} while another target remains, silence ${limit(streams.idleMs)}`,
      ],
      ['provider', 'per upstream call', Object.keys(providers).join(', ')],
    ]),
  ];
}

/** Aliases, and the models that the configuration names and nobody knows the price of. */
function describeModels(config: Config, findModel: FindModel | undefined): string[] {
  const aliases = Object.entries(config.aliases).map(([name, given]) => [name, [given].flat().join(' -> ')]);
  const unpriced = findModel ? listTargets(config).filter((target) => findModel(target)?.price === undefined) : [];
  return [
    ...(aliases.length === 0 ? [] : ['aliases', ...columns(aliases)]),
    ...(unpriced.length === 0 ? [] : ['models without a price', ...columns(unpriced.map(({ id }) => [id]))]),
  ];
}

function limit(ms: number | false): string {
  return ms === false ? 'without limit' : `within ${ms} ms`;
}

function describeBreaker(breaker: Config['breaker']): string {
  if (breaker === false) return 'off';
  const { failuresInARow, failureRatio, minCalls, openMs, maxOpenMs } = breaker;
  const part = `${Math.round(failureRatio * 1_000) / 10} % of ${minCalls} calls or more`;
  return `left alone after ${failuresInARow} failures in a row or ${part}, for ${openMs} to ${maxOpenMs} ms`;
}

function describeHedge(hedge: Config['hedge']): string {
  if (hedge === false) return 'off';
  const { delayMs, quantile, budget } = hedge;
  const when = delayMs === undefined ? `when ${quantile * 100} % would have answered` : `after ${delayMs} ms`;
  return `a second call ${when}, for ${budget * 100} % of the requests at most`;
}

function describeKeys(keys: readonly KeyConfig[]): string {
  if (keys.length === 0) return 'no key';
  const total = keys.reduce((sum, { weight }) => sum + weight, 0);
  return keys
    .map(({ name, weight, variable, models }) => {
      const share = keys.length > 1 ? [`${Math.round((weight / total) * 1_000) / 10} %`] : [];
      const facts = [
        ...share,
        variable ? `env.${variable}` : 'literal',
        ...(models ? [`only ${models.join(' ')}`] : []),
      ];
      return `${name} (${facts.join(', ')})`;
    })
    .join(', ');
}
