import type { Config } from '@x/config';
import { parseTarget } from '@x/core';
import type { Source } from './cli/source.ts';

/** The request of the first example. With all three providers it is printed as it stands. */
const EXAMPLE = [
  'openai/gpt-4o-mini',
  'anthropic/claude-3-5-sonnet-20241022',
  'bedrock/anthropic.claude-3-sonnet-20240229-v1:0',
] as const;

export interface BannerFacts {
  /** Where the gateway listens. */
  readonly url: string;
  readonly config: Config;
  readonly source: Source;
  /** Targets that the configuration names, as `provider/model`. */
  readonly targets: readonly string[];
}

/** What a person wants to know after the start: where, with whom, and what to try. Names of keys, never their values. */
export function banner(facts: BannerFacts): string {
  return [
    `The gateway listens on ${facts.url}`,
    '',
    ...sourceLines(facts.source),
    '',
    ...providerLines(facts.config),
    '',
    ...callerLines(facts),
    ...example(facts),
    '',
  ].join('\n');
}

function sourceLines(source: Source): string[] {
  switch (source.kind) {
    case 'file':
      return [`Providers of ${source.file}:`];
    case 'environment':
      return ['Providers whose keys are in the environment:'];
    case 'demo':
      return [
        `No provider key is in the environment, so the providers are simulated, at ${source.url}.`,
        'Set OPENAI_API_KEY, ANTHROPIC_API_KEY, ... for real ones, or give --config FILE.',
        'Simulated providers, with rate limits as real ones have:',
      ];
  }
}

function providerLines({ providers }: Config): string[] {
  const width = Math.max(...Object.keys(providers).map((name) => name.length));
  return Object.entries(providers).map(([name, { keys }]) => {
    const names = keys.length === 0 ? 'no key' : keys.map((key) => key.name).join(', ');
    return `  ${name.padEnd(width)}  ${keys.length === 1 ? 'key ' : 'keys'}  ${names}`;
  });
}

/** What callers have to bring, where they have to. */
function callerLines({ config, source, url }: BannerFacts): string[] {
  if (config.governance?.anonymous !== 'reject') return [];
  const where = source.kind === 'file' ? `--config ${source.file}` : `--url ${url}`;
  return [`Callers need a virtual key. One is made by: x-gateway keys create --name NAME ${where}`, ''];
}

function example({ url, config, targets }: BannerFacts): string[] {
  const known = EXAMPLE.filter((target) => parseTarget(target, 'example').provider in config.providers);
  const [model, ...fallbacks] = known.length > 0 ? known : targets.slice(0, 1);
  if (model === undefined) return ['Send requests to /v1/chat/completions, with "provider/model" as the model.'];
  const key = config.governance?.anonymous === 'reject' ? '-H "Authorization: Bearer $VIRTUAL_KEY" ' : '';
  const members = [
    `  "model": ${JSON.stringify(model)}`,
    '  "messages": [{"role": "user", "content": "Summarize this ticket."}]',
    ...(fallbacks.length > 0
      ? [`  "fallbacks": [${fallbacks.map((target) => JSON.stringify(target)).join(', ')}]`]
      : []),
  ];
  return [
    'Try it:',
    '',
    `curl -X POST ${url}/v1/chat/completions ${key}-H "Content-Type: application/json" -d '{`,
    members.join(',\n'),
    "}'",
  ];
}
