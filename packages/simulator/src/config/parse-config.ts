import { z } from 'zod';
import { faultRuleSchema, type ResolvedFaultRule } from '../faults/catalogue.ts';
import { DEFAULTS, type KeyConfig, type LatencyConfig, type ModelConfig } from '../options.ts';
import { isStyleName, STYLES } from '../styles/registry.ts';
import { checkNames, checkRules } from './checks.ts';
import { describeIssues } from './problems.ts';
import type { ResolvedConfig, ResolvedKey, ResolvedLatency, ResolvedModel, ResolvedProvider } from './resolved.ts';
import { configSchema, type ParsedProvider } from './schema.ts';

/** @throws TypeError with a line for each field that is wrong */
export function parseSimulatorConfig(config: unknown): ResolvedConfig {
  const { seed = DEFAULTS.seed, providers, faults = [] } = check('simulator config', configSchema, config);
  const resolved = {
    seed,
    providers: Object.entries(providers).map(([name, provider]) => resolveProvider(name, provider)),
    faults,
  };
  checkNames(resolved.providers);
  checkRules(faults, resolved.providers);
  return resolved;
}

/** @throws TypeError with a line for each field that is wrong */
export function parseFaultRules(rules: unknown, providers: readonly ResolvedProvider[]): ResolvedFaultRule[] {
  const { faults } = check('simulator faults', z.strictObject({ faults: z.array(faultRuleSchema) }), { faults: rules });
  checkRules(faults, providers);
  return faults;
}

function check<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new TypeError(`${what}: ${describeIssues(result.error.issues)}`);
  return result.data;
}

function resolveProvider(name: string, provider: ParsedProvider): ResolvedProvider {
  const style = STYLES[provider.style ?? (isStyleName(name) ? name : 'openai')];
  return {
    name,
    style,
    keys: provider.keys?.map(resolveKey),
    models: provider.models?.map(resolveModel),
    limits: { ...('limits' in style ? style.limits : {}), ...provider.limits },
    charge: provider.charge ?? style.charge,
    headers: provider.headers ?? style.headers,
    retryAfter: provider.retryAfter ?? style.retryAfter,
    latency: resolveLatency(provider.latency ?? {}),
    outputTokens: provider.outputTokens ?? DEFAULTS.outputTokens,
    maxOutputTokens: provider.maxOutputTokens ?? DEFAULTS.maxOutputTokens,
    burndown: provider.burndown ?? DEFAULTS.burndown,
    toolCallProbability: provider.toolCalls?.probability ?? DEFAULTS.toolCallProbability,
    parallelToolCalls: provider.toolCalls?.parallel ?? DEFAULTS.parallelToolCalls,
  };
}

function resolveKey(given: string | KeyConfig): ResolvedKey {
  const key = typeof given === 'string' ? { name: given } : given;
  const { name, value = name, limits = {}, quotaGroup = name, state = 'active', models } = key;
  return { name, value, limits, quotaGroup, state, models };
}

/** The name alone, as for a model that no configuration lists. */
export function resolveModel(given: string | ModelConfig): ResolvedModel {
  const model: ModelConfig = typeof given === 'string' ? { name: given } : given;
  const { name, scope = name, limits = {}, contextWindow = Infinity, latency } = model;
  return { name, scope, limits, contextWindow, latency: latency && resolveLatency(latency) };
}

function resolveLatency({ firstTokenMs = DEFAULTS.firstTokenMs, tokensPerSecond }: LatencyConfig): ResolvedLatency {
  return { firstTokenMs, tokensPerSecond };
}
