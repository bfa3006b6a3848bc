import type { Config, Environment, ProviderConfig } from '../config.ts';
import { configSchema, SHORTHAND_NAMES, type ParsedConfig } from '../schema/config-schema.ts';
import { findingsOf, messageOf } from '../schema/messages.ts';
import type { Finding } from '../text/problems.ts';
import { checkAliases, checkChains, checkRoutes, checkServed, checkTarget, type KnownProviders } from './chains.ts';
import { followReference } from './environment.ts';
import { Findings } from './findings.ts';
import { resolveGovernance, resolveStore } from './governance.ts';
import { resolveProvider, type NamedProvider } from './providers.ts';
import { copyOf, overlaps, removeAt, valueAt } from './salvage.ts';

/** A configuration, or everything that is wrong with it. */
export type Resolution =
  | { readonly config: Config; readonly findings?: undefined }
  | { readonly config?: undefined; readonly findings: readonly Finding[] };

/** Checks a value of any kind against the schema, and then what a schema cannot say. */
export function resolveConfig(value: unknown, env: Environment): Resolution {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = value === null || value === undefined ? 'is empty' : 'is no object';
    return { findings: [{ path: [], message: `the configuration ${what}: it needs at least one provider` }] };
  }
  const [parsed, problems] = parse(value);
  const findings = new Findings();
  const named = parsed === undefined ? [] : namedProviders(parsed, findings);
  const providers: Record<string, ProviderConfig> = {};
  for (const provider of named) {
    const resolved = resolveProvider(provider, env, findings);
    if (resolved) providers[provider.name] = resolved;
  }
  const names = namesIn(value);
  if (parsed !== undefined) checkRest(parsed, new Map(names.map((name) => [name, providers[name]])), findings);
  const token = parsed?.server.adminToken;
  const adminToken = token && followReference(token, env, { path: ['server', 'adminToken'], findings })?.value;
  const governance = parsed?.governance && resolveGovernance(parsed.governance, { env, providers: names }, findings);
  const store = parsed && resolveStore(parsed.store, env, findings);
  // What follows from a problem that is listed already helps nobody.
  const all = [
    ...problems,
    ...findings.all.filter(({ path }) => !problems.some((other) => overlaps(path, other.path))),
  ];
  if (parsed === undefined || store === undefined || all.length > 0) return { findings: all };
  const { $schema: _schema, providers: _providers, server, governance: _governance, ...rest } = parsed;
  for (const name of SHORTHAND_NAMES) delete rest[name];
  return { config: { ...rest, server: { ...server, adminToken }, providers, governance, store } };
}

/** Rounds of parsing: what is wrong goes, and then what was wrong without it. */
const ROUNDS = 10;

function parse(value: object): [parsed: ParsedConfig | undefined, problems: Finding[]] {
  const rest = copyOf(value);
  let problems: Finding[] | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = configSchema.safeParse(rest, { error: messageOf });
    if (result.success) return [result.data, problems ?? []];
    const found = findingsOf(result.error.issues);
    problems ??= found;
    for (const { path } of found) removeAt(rest, path);
  }
  return [undefined, problems ?? []];
}

function namedProviders(parsed: ParsedConfig, findings: Findings): NamedProvider[] {
  const named = Object.entries(parsed.providers).map(([name, input]) => ({ name, input, path: ['providers', name] }));
  for (const name of SHORTHAND_NAMES) {
    const input = parsed[name];
    if (input === undefined) continue;
    if (Object.hasOwn(parsed.providers, name)) findings.add([name], `stands in "providers" too`);
    else named.push({ name, input, path: [name] });
  }
  return named;
}

/** The names of all providers, of those too that something is wrong with. */
function namesIn(value: object): string[] {
  const section = valueAt(value, ['providers']);
  const names = typeof section === 'object' && section !== null ? Object.keys(section) : [];
  return [...new Set([...names, ...SHORTHAND_NAMES.filter((name) => Object.hasOwn(value, name))])];
}

function checkRest(parsed: ParsedConfig, providers: KnownProviders, findings: Findings): void {
  const { server, chains, aliases, models, fallback, breaker, backoff, keypool, streams } = parsed;
  if (providers.size === 0) findings.add(['providers'], 'at least one provider is needed');
  checkChains(chains, providers, findings);
  checkAliases(aliases, providers, findings);
  for (const model of Object.keys(models)) checkTarget(model, ['models', model], { providers, findings });
  checkRoutes(Object.keys(streams.routes), providers, findings);
  for (const model of Object.keys(fallback.moveOnAfterByModel)) {
    checkServed(model, ['fallback', 'moveOnAfterByModel', model], { providers, findings });
  }
  if (server.maxTimeoutMs !== undefined && server.maxTimeoutMs < server.timeoutMs) {
    const told = `must be at least timeoutMs (${server.timeoutMs}), got ${server.maxTimeoutMs}`;
    findings.add(['server', 'maxTimeoutMs'], told);
  }
  if (breaker !== false && breaker.maxOpenMs < breaker.openMs) {
    findings.add(['breaker', 'maxOpenMs'], `must be at least openMs (${breaker.openMs}), got ${breaker.maxOpenMs}`);
  }
  if (backoff.capMs < backoff.baseMs) {
    findings.add(['backoff', 'capMs'], `must be at least baseMs (${backoff.baseMs}), got ${backoff.capMs}`);
  }
  if (keypool.cooldownCapMs < keypool.cooldownMs) {
    findings.add(
      ['keypool', 'cooldownCapMs'],
      `must be at least cooldownMs (${keypool.cooldownMs}), got ${keypool.cooldownCapMs}`,
    );
  }
}
