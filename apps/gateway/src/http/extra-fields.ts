import { formatUsd, type AttemptRecord, type JsonBody, type Target } from '@x/core';
import type { Exchange } from './exchange.ts';

/**
 * A body with our `extra_fields` as its last member, as Latin-1 text: every byte of it is one character, so nothing is decoded or
 * encoded, and what the provider sent stays as it is.
 */
export function withExtraFields(body: JsonBody, exchange: Exchange, target: Target): string {
  // A gateway behind this one may have put its own there.
  const isThere = Object.hasOwn(body.value, 'extra_fields');
  const json = isThere ? latin1(body.edit({ extra_fields: undefined })) : body.latin1;
  const members = json.slice(0, json.lastIndexOf('}'));
  return `${members}${members.endsWith('{') ? '' : ','}"extra_fields":${extraFields(exchange, target)}}`;
}

function latin1(bytes: Uint8Array): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1');
}

/** Written as text rather than built as a value: this is done for every answer. */
function extraFields({ trail, clock, startedAt, id }: Exchange, target: Target): string {
  let attempts = '';
  for (const attempt of trail.attempts) attempts += `${attempts === '' ? '' : ','}${attemptFields(attempt)}`;
  const latencyMs = rounded(clock.now() - startedAt);
  return (
    `{${targetFields(target)},"attempts":[${attempts}],"latency_ms":${latencyMs},` +
    `"waited_ms":${rounded(trail.waitedMs)},` +
    (trail.costNanoUsd === undefined ? '' : `${costFields(trail.costNanoUsd)},`) +
    `"request_id":"${id}"}`
  );
}

/** As a number of USD, and exactly. */
export function costFields(nanoUsd: number): string {
  return `"cost":{"usd":${formatUsd(nanoUsd)},"nano_usd":${nanoUsd}}`;
}

/** By the target itself, of which there is one object for each name. */
const TARGET_FIELDS = new WeakMap<Target, string>();

function targetFields(target: Target): string {
  let fields = TARGET_FIELDS.get(target);
  if (fields === undefined) {
    fields = `"provider":${quoted(target.provider)},"model":${quoted(target.model)}`;
    TARGET_FIELDS.set(target, fields);
  }
  return fields;
}

function attemptFields({ target, key, outcome, status, durationMs }: AttemptRecord): string {
  return (
    `{${targetFields(target)},` +
    (key === undefined ? '' : `"key":${quoted(key)},`) +
    `"outcome":"${outcome}",` +
    (status === undefined ? '' : `"status":${status},`) +
    `"duration_ms":${rounded(durationMs)}}`
  );
}

const PLAIN = /^[\w .:/@-]*$/;

/** A JSON string of ASCII alone. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** To the tenth of a millisecond. Whole numbers are written with a fraction of the work that others take. */
function rounded(ms: number): string {
  const tenths = Math.max(0, Math.round(ms * 10));
  const rest = tenths % 10;
  const whole = String((tenths - rest) / 10);
  return rest === 0 ? whole : `${whole}.${rest}`;
}
