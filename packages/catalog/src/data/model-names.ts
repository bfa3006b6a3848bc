/** Where a model is in the paths of Google and in the ARNs of AWS: `models/…`, `publishers/google/models/…`, `arn:…/…`. */
const IN_PATH = /^(?:(?:publishers\/[^/]+\/)?models\/|arn:.+\/)(.+)$/;

/** From where a model of Bedrock is called: `us.`, `eu.`, `apac.`, `us-gov.`, `global.`. */
const INFERENCE_PROFILE = /^(?:[a-z]{2,4}|us-gov|global)\.(?=[a-z0-9]+\.)/;

/** What Bedrock puts behind a version: `:0`, and `:0:200k` for a context of its own. */
const REVISION = /:\d+(?::\d+k)?$/;

/** The day of a snapshot at the end of a name, and what may follow it: `-20250514`, `@20250514`, `-2025-05-14`, `-20250514-v1`. */
const SNAPSHOT = /[-@](20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(-v\d+)?$/;

/**
 * Spellings under which a model may stand in the price data, the name itself first and the least exact last. In lower case.
 * What costs something else under another name (a fine-tuned model, a free variant) keeps what sets it apart.
 */
export function namesToTry(model: string): readonly string[] {
  const name = model.trim().toLowerCase();
  const short = IN_PATH.exec(name)?.[1] ?? name;
  const home = short.replace(INFERENCE_PROFILE, '');
  const plain = home.replace(REVISION, '');
  const names = [name, short, home, plain, plain.replace(SNAPSHOT, '-$1-$2-$3'), plain.replace(SNAPSHOT, '')];
  return [...new Set(names)];
}
