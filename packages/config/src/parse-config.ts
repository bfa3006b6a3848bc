import { ConfigError } from './config-error.ts';
import type { Config, Environment } from './config.ts';
import { resolveConfig } from './resolve/resolve-config.ts';
import { readConfigText, type ConfigText } from './text/config-text.ts';
import { formatPath, type ConfigProblem, type Finding, type Position } from './text/problems.ts';

export interface ParseConfigOptions {
  /** Name of the file, for errors. @default none */
  path?: string | undefined;
  /** Where `env.NAME` is looked up, once. @default process.env */
  env?: Environment | undefined;
}

/**
 * Reads a configuration from JSON or YAML.
 * @throws ConfigError with every problem, its path and its line
 */
export function parseConfig(text: string, options: ParseConfigOptions = {}): Config {
  return parseLocated(text, options).config;
}

export interface LocatedConfig {
  readonly config: Config;
  /** Where something stands that turns out later to be wrong. */
  readonly locate: ConfigText['locate'];
}

/** @throws ConfigError */
export function parseLocated(text: string, options: ParseConfigOptions = {}): LocatedConfig {
  const { path: file, env = process.env } = options;
  const read = readConfigText(text);
  if (read.errors.length > 0)
    throw new ConfigError(
      read.errors.map((error) => problem(error, error.position)),
      file,
    );
  const resolution = resolveConfig(read.value, env);
  if (resolution.config) return { config: resolution.config, locate: read.locate };
  const problems = resolution.findings.map((finding) => problem(finding, read.locate(finding.path)));
  throw new ConfigError(problems.toSorted(byPosition), file);
}

/**
 * Reads a configuration from a value, as a program writes it.
 * @throws ConfigError with every problem and its path
 */
export function configFromObject(value: unknown, env: Environment = process.env): Config {
  const resolution = resolveConfig(value, env);
  if (resolution.config) return resolution.config;
  throw new ConfigError(resolution.findings.map((finding) => problem(finding, undefined)));
}

function problem({ path, shownPath = path, message }: Finding, position: Position | undefined): ConfigProblem {
  return { path: formatPath(shownPath), message, position };
}

function byPosition({ position: a }: ConfigProblem, { position: b }: ConfigProblem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
