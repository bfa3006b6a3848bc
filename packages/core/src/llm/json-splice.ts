import { memberSpans } from './json-members.ts';

/** What becomes of top-level members: name, colon and value; undefined takes the member out. */
export interface MemberChanges {
  readonly names: readonly string[];
  readonly texts: readonly (string | undefined)[];
}

/**
 * A valid JSON object with some members changed, all of it as `byteText`. Stretches of untouched members stay whole, with the space
 * and the commas in them; members that were not there go to the end.
 */
export function splice(json: string, { names, texts }: MemberChanges): string {
  const left = [...texts];
  const open = json.indexOf('{') + 1;
  const close = json.lastIndexOf('}');
  let members = '';
  let at = open;
  for (const { index, start, end } of memberSpans(json, names)) {
    if (start > at) members = joined(members, json.slice(at, start - 1));
    // A repeated member is written once.
    members = joined(members, left[index]);
    left[index] = undefined;
    at = end + 1;
  }
  // A quote tells the members that are left from the space in an empty object.
  const quote = json.indexOf('"', at);
  if (quote !== -1 && quote < close) members = joined(members, json.slice(at, close));
  for (const text of left) members = joined(members, text);
  return json.slice(0, open) + members + json.slice(close);
}

function joined(members: string, more: string | undefined): string {
  if (more === undefined) return members;
  return members === '' ? more : `${members},${more}`;
}
