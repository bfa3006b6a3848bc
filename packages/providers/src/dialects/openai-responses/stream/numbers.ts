import { numberOf } from '../../../json/read.ts';
import { dataOf } from '../../../resume/frame-data.ts';

/** The number of the event behind those that were written. */
export function nextNumber(written: string): number {
  let next = 0;
  for (const value of dataOf(written)) next = (numberOf(value['sequence_number']) ?? next - 1) + 1;
  return next;
}
