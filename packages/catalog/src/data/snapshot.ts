import {
  REMOTE_DATA_JSON_URL,
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type Provider,
} from '@pydantic/genai-prices';
import type { PriceSource } from './bundled.ts';
import { listAt, numberAt, objectAt, regexAt, textAt, wrong } from './read-json.ts';

/** Where the newest price data is published. Whoever wants it fetches it, and hands it to {@link parseSnapshot}. */
export const SNAPSHOT_URL: string = REMOTE_DATA_JSON_URL;

/** Deeper than any rule of the data. */
const DEEPEST = 8;

/**
 * Reads newer price data from the text of a file. All of it is checked, since it comes from elsewhere; members that nobody here
 * reads are dropped.
 * @throws TypeError that names what is wrong, and where
 */
export function parseSnapshot(text: string): PriceSource {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`price data: not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const providers = listAt(value, 'price data').map((item, index) => readProvider(item, `[${index}]`));
  if (providers.length === 0) throw new TypeError('price data: there are no providers in it');
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  return (vendor) => byId.get(vendor);
}

function readProvider(value: unknown, at: string): Provider {
  const given = objectAt(value, at);
  const { model_match: match, fallback_model_providers: fallbacks } = given;
  return {
    id: textAt(given['id'], `${at}.id`),
    name: textAt(given['name'], `${at}.name`),
    api_pattern: '',
    ...(match != null && { model_match: readRule(match, `${at}.model_match`) }),
    ...(fallbacks != null && {
      fallback_model_providers: listAt(fallbacks, `${at}.fallback_model_providers`).map((id) => textAt(id, at)),
    }),
    models: listAt(given['models'], `${at}.models`).map((model, index) => readModel(model, `${at}.models[${index}]`)),
  };
}

function readModel(value: unknown, at: string): ModelInfo {
  const given = objectAt(value, at);
  const { context_window: window, deprecated, prices } = given;
  return {
    id: textAt(given['id'], `${at}.id`),
    match: readRule(given['match'], `${at}.match`),
    ...(window != null && { context_window: numberAt(window, `${at}.context_window`) }),
    ...(deprecated === true && { deprecated }),
    prices: Array.isArray(prices)
      ? prices.map((price, index) => readConditional(price, `${at}.prices[${index}]`))
      : readPrice(prices, `${at}.prices`),
  };
}

function readRule(value: unknown, at: string, depth = 0): MatchLogic {
  const [entry, more] = Object.entries(objectAt(value, at));
  if (entry === undefined || more !== undefined || depth > DEEPEST) throw wrong(at, 'one rule');
  const [kind, operand] = entry;
  switch (kind) {
    case 'or':
      return { or: listAt(operand, at).map((part) => readRule(part, at, depth + 1)) };
    case 'and':
      return { and: listAt(operand, at).map((part) => readRule(part, at, depth + 1)) };
    case 'equals':
      return { equals: textAt(operand, at) };
    case 'starts_with':
      return { starts_with: textAt(operand, at) };
    case 'ends_with':
      return { ends_with: textAt(operand, at) };
    case 'contains':
      return { contains: textAt(operand, at) };
    case 'regex':
      return { regex: regexAt(operand, at) };
    default:
      throw wrong(at, 'a rule that is known');
  }
}

function readConditional(value: unknown, at: string): ConditionalPrice {
  const given = objectAt(value, at);
  const prices = readPrice(given['prices'], `${at}.prices`);
  if (given['constraint'] == null) return { prices };
  const { start_date: day, start_time: from, end_time: to } = objectAt(given['constraint'], `${at}.constraint`);
  if (typeof day === 'string' && !Number.isNaN(Date.parse(`${day}T00:00:00Z`))) {
    return { prices, constraint: { type: 'start_date', start_date: day } };
  }
  if (typeof from === 'string' && typeof to === 'string') {
    return { prices, constraint: { type: 'time_of_date', start_time: from, end_time: to } };
  }
  throw wrong(`${at}.constraint`, 'a day or a time of day');
}

function readPrice(value: unknown, at: string): Extract<ModelInfo['prices'], Record<string, unknown>> {
  const price: Record<string, number | { base: number; tiers: { start: number; price: number }[] }> = {};
  for (const [name, rate] of Object.entries(objectAt(value, at))) {
    if (rate == null) continue;
    if (typeof rate === 'number') price[name] = numberAt(rate, `${at}.${name}`);
    else price[name] = readTiers(rate, `${at}.${name}`);
  }
  return price;
}

function readTiers(value: unknown, at: string) {
  const { base, tiers } = objectAt(value, at);
  return {
    base: numberAt(base, `${at}.base`),
    tiers: listAt(tiers, `${at}.tiers`).map((tier) => {
      const { start, price } = objectAt(tier, `${at}.tiers`);
      return { start: numberAt(start, `${at}.tiers.start`), price: numberAt(price, `${at}.tiers.price`) };
    }),
  };
}
