import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';
import { MAX_TEXT_LENGTH } from './text/config-text.ts';

const SECRET = 'sk-very-secret-0123456789';
const ENV = { OPENAI_KEY_1: SECRET, EMPTY: '  ', SPLIT: `${SECRET}\nx: y` };
const OPENAI = 'openai: {keys: [{value: env.OPENAI_KEY_1}]}';

function errorOf(text: string): ConfigError {
  try {
    parseConfig(text, { path: 'x.yaml', env: ENV });
  } catch (error) {
    if (ConfigError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('lists what is wrong, with its place:', () => {
  test.each<[what: string, text: string, ...problems: string[]]>([
    ['an empty file', '', 'x.yaml: the configuration is empty: it needs at least one provider'],
    ['a list', '- a', 'x.yaml:1:1: the configuration is no object: it needs at least one provider'],
    ['no provider', 'log: {level: info}', 'x.yaml:1:1: providers: at least one provider is needed'],
    [
      'a typo of a section',
      `${OPENAI}\nsevrer: {port: 1}`,
      'x.yaml:2:1: sevrer: unknown member; did you mean "server"?',
    ],
    [
      'a typo of a member',
      `${OPENAI}\nserver:\n  max_body_byte: 1`,
      'x.yaml:3:3: server.max_body_byte: unknown member; did you mean "maxBodyBytes"?',
    ],
    [
      'a typo inside a list',
      'openai:\n  keys:\n    - value: env.OPENAI_KEY_1\n      wieght: 1',
      'x.yaml:4:7: openai.keys[0].wieght: unknown member; did you mean "weight"?',
    ],
    [
      'a name that may be a key',
      `openai: {keys: [{value: a, ${SECRET}}]}`,
      'x.yaml:1:28: openai.keys[0]["..."]: unknown member; known are name, value, weight, models, rpm, tpm, rpd, tpd, concurrency, quotaGroup',
    ],
    [
      'a limit of a minute above that of its day',
      'openai: {keys: [{value: a, rpm: 60, rpd: 50}]}',
      'x.yaml:1:28: openai.keys[0].rpm: must not exceed rpd, which is 50',
    ],
    [
      'a member that is like none',
      `${OPENAI}\nlog: {destination: x}`,
      'x.yaml:2:7: log.destination: unknown member; known are level',
    ],
    [
      'a breaker that is neither on nor off',
      `${OPENAI}\nbreaker: true`,
      'x.yaml:2:1: breaker: must be false or an object',
    ],
    [
      'a bound below what it bounds',
      `${OPENAI}\nbreaker: {openMs: 20000}\nserver: {maxTimeoutMs: 5}`,
      'x.yaml:2:1: breaker.maxOpenMs: must be at least openMs (20000), got 10000',
      'x.yaml:3:10: server.maxTimeoutMs: must be at least timeoutMs (600000), got 5',
    ],
    [
      'a refusal that nobody makes, and of a provider that is not there',
      `${OPENAI}\nfallback: {moveOnAfter: [timeout], moveOnAfterByModel: {opnai/x: []}}`,
      'x.yaml:2:26: fallback.moveOnAfter[0]: must be "content_filter", "limit_exceeded" or "budget_exceeded"',
      'x.yaml:2:57: fallback.moveOnAfterByModel["opnai/x"]: no provider has the name "opnai"; did you mean "openai"?',
    ],
    ['a wrong type', `${OPENAI}\nserver: {port: "80"}`, 'x.yaml:2:10: server.port: must be a number, got a string'],
    [
      'a fraction',
      `${OPENAI}\nserver: {port: 80.5}`,
      'x.yaml:2:10: server.port: must be a whole number, got the number 80.5',
    ],
    ['nothing', `${OPENAI}\nlog:`, 'x.yaml:2:1: log: must be an object, got nothing'],
    ['a list for an object', `${OPENAI}\nlog: []`, 'x.yaml:2:1: log: must be an object, got a list'],
    [
      'a number too high',
      `${OPENAI}\nserver: {port: 65536}`,
      'x.yaml:2:10: server.port: must be at most 65535, got 65536',
    ],
    [
      'a number beyond all bounds',
      `${OPENAI}\nserver: {maxBodyBytes: 9e99}`,
      'x.yaml:2:10: server.maxBodyBytes: must be at most 1073741824, got 9e+99',
    ],
    [
      'infinity',
      `${OPENAI}\nfallback: {patienceMs: .inf}`,
      'x.yaml:2:12: fallback.patienceMs: must be a number, got Infinity',
    ],
    [
      'an unknown level',
      `${OPENAI}\nlog: {level: loud}`,
      'x.yaml:2:7: log.level: must be "trace", "debug", "info", "warn", "error", "fatal" or "silent"',
    ],
    [
      'a negative weight',
      'openai: {keys: [{value: env.OPENAI_KEY_1, weight: -1}]}',
      'x.yaml:1:43: openai.keys[0].weight: must be above 0, got -1',
    ],
    ['a key without a value', 'openai: {keys: [{name: a}]}', 'x.yaml:1:17: openai.keys[0].value: is missing'],
    [
      'a key that is text',
      `openai: {keys: [${SECRET}]}`,
      'x.yaml:1:17: openai.keys[0]: must be an object, got a string',
    ],
    [
      'two keys of one name',
      'openai: {keys: [{value: a, name: openai-2}, {value: b}]}',
      'x.yaml:1:45: openai.keys[1].name: "openai-2" is the name of keys[0] too',
    ],
    [
      'no key',
      'openai: {}\nanthropic: {keys: []}',
      'x.yaml:1:1: openai.keys: at least one key is needed, here or in the environment variable OPENAI_API_KEY',
      'x.yaml:2:13: anthropic.keys: at least one key is needed',
    ],
    [
      'a variable that is not set, one that is empty, and no variable',
      'openai: {keys: [{value: env.NOPE}, {value: env.EMPTY}, {value: "env.a b"}]}',
      'x.yaml:1:18: openai.keys[0].value: refers to the environment variable NOPE, which is not set',
      'x.yaml:1:37: openai.keys[1].value: refers to the environment variable EMPTY, which is empty',
      'x.yaml:1:57: openai.keys[2].value: must be env.NAME with the name of a variable after the dot',
    ],
    [
      'keys that would break a header',
      `openai: {keys: [{value: env.SPLIT}, {value: "${SECRET} x"}]}`,
      'x.yaml:1:18: openai.keys[0].value: has a space or another character that no key has (from the environment variable SPLIT)',
      'x.yaml:1:38: openai.keys[1].value: has a space or another character that no key has',
    ],
    [
      'a provider of no known name or type',
      'providers: {mine: {}}',
      'x.yaml:1:13: providers.mine.type: is needed, as "mine" is no known provider: "openai", "anthropic", "openai-compatible", "anthropic-compatible", "azure", "bedrock", "cohere", "gemini", "gemini-compatible" or "vertex"',
    ],
    [
      'a provider of no known name and no URL',
      'providers: {mine: {type: openai-compatible}}',
      'x.yaml:1:13: providers.mine.baseURL: is needed',
    ],
    [
      'a provider that stands twice',
      `${OPENAI}\nproviders: {openai: {keys: [{value: a}]}}`,
      'x.yaml:1:1: openai: stands in "providers" too',
    ],
    [
      'a name with a slash',
      'providers: {a/b: {type: openai-compatible, baseURL: "http://h"}}',
      'x.yaml:1:13: providers["a/b"]: names of providers are letters, digits, ".", "_" and "-", at most 64',
    ],
    [
      'base URLs that are none',
      `providers: {a: {type: openai-compatible, baseURL: nowhere}, b: {type: openai-compatible, baseURL: "http://u:${SECRET}@h"}, c: {type: openai-compatible, baseURL: "http://h?x"}}`,
      'x.yaml:1:42: providers.a.baseURL: must be an absolute http or https URL',
      'x.yaml:1:90: providers.b.baseURL: must not hold a user name or password',
      'x.yaml:1:169: providers.c.baseURL: must not have a query or a fragment',
    ],
    [
      'targets that are none',
      `${OPENAI}\nchains:\n  gpt: [openai/a]\n  openai/a:\n    - opnai/b\n    - cohere/c\n    - nothing\n    - openai/a\n  openai/b: []`,
      'x.yaml:3:3: chains.gpt: must be "provider/model"',
      'x.yaml:5:7: chains["openai/a"][0]: no provider has the name "opnai"; did you mean "openai"?',
      'x.yaml:6:7: chains["openai/a"][1]: no provider has the name "cohere"; there are openai',
      'x.yaml:7:7: chains["openai/a"][2]: must be "provider/model"',
      'x.yaml:8:7: chains["openai/a"][3]: is the target that the chain begins with',
      'x.yaml:9:3: chains["openai/b"]: must not be empty',
    ],
    [
      'a model that no key may be used for',
      'openai: {keys: [{value: a, models: [gpt-4o-mini]}, {value: b, models: ["o*"]}]}\nchains: {openai/gpt-4o-mni: [openai/o3, openai/claude]}\nstreams: {routes: {openai/gpt-5: {}}}',
      'x.yaml:2:10: chains["openai/gpt-4o-mni"]: no key of "openai" may be used for the model "gpt-4o-mni"; did you mean "gpt-4o-mini"?',
      'x.yaml:2:41: chains["openai/gpt-4o-mni"][1]: no key of "openai" may be used for the model "claude"; its keys are for gpt-4o-mini, o*',
      'x.yaml:3:20: streams.routes["openai/gpt-5"]: no key of "openai" may be used for the model "gpt-5"; its keys are for gpt-4o-mini, o*',
    ],
    [
      'a known host that wants a key, with none',
      'groq: {keys: []}',
      'x.yaml:1:8: groq.keys: at least one key is needed',
    ],
    [
      'a chain that is too long',
      `${OPENAI}\nchains: {openai/a: [openai/1, openai/2, openai/3, openai/4, openai/5, openai/6, openai/7, openai/8]}`,
      'x.yaml:2:10: chains["openai/a"]: is too long: at most 7 are allowed',
    ],
    [
      'bounds that contradict each other',
      `${OPENAI}\nbackoff: {baseMs: 100, capMs: 50}\nkeypool: {cooldownCapMs: 10}`,
      'x.yaml:2:24: backoff.capMs: must be at least baseMs (100), got 50',
      'x.yaml:3:11: keypool.cooldownCapMs: must be at least cooldownMs (1000), got 10',
    ],
    [
      'a budget that is none',
      `${OPENAI}\nbackoff: {budget: true}`,
      'x.yaml:2:11: backoff.budget: must be false or an object',
    ],
    [
      'what a schema finds and what it cannot, at once',
      'openai: {keys: [{value: env.NOPE, weight: 0}]}\nlog: {levle: info}\nchains: {openai/a: [x/y]}',
      'x.yaml:1:18: openai.keys[0].value: refers to the environment variable NOPE, which is not set',
      'x.yaml:1:35: openai.keys[0].weight: must be above 0, got 0',
      'x.yaml:2:7: log.levle: unknown member; did you mean "level"?',
      'x.yaml:3:21: chains["openai/a"][0]: no provider has the name "x"; there are openai',
    ],
    [
      'no follow-up of another problem',
      'openai: nothing\nchains: {openai/a: [openai/b]}',
      'x.yaml:1:1: openai: must be an object, got a string',
    ],
    [
      'YAML that is broken',
      'openai:\n  keys: [\nlog: }',
      'x.yaml:3:1: cannot be read: flow sequence in block collection must be sufficiently indented and end with a ]',
      'x.yaml:3:6: cannot be read: unexpected flow-map-end token in YAML stream',
    ],
    ['a member that stands twice', 'log: {}\nlog: {}', 'x.yaml:2:1: cannot be read: map keys must be unique'],
    ['an alias to nothing', 'log: *nowhere', 'x.yaml: an alias (*name) refers to nothing, or to too much'],
    [
      'a file without end',
      'a'.repeat(MAX_TEXT_LENGTH + 1),
      `x.yaml: the file has ${MAX_TEXT_LENGTH + 1} characters; the limit is ${MAX_TEXT_LENGTH}`,
    ],
  ])('%s', (_what, text, ...problems) => {
    const error = errorOf(text);
    expect(error.message.split('\n')).toEqual(problems);
    expect(error.problems).toHaveLength(problems.length);
  });

  test('a bomb of aliases', () => {
    const rows = Array.from(
      { length: 20 },
      (_, index) => `k${index + 1}: &k${index + 1} [*k${index}, *k${index}, *k${index}]`,
    );
    expect(errorOf(['k0: &k0 [x]', ...rows].join('\n')).message).toContain('too much');
  });
});
