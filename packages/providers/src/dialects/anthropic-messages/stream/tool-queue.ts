import { PipelineError } from '@x/core';
import { parseJson } from '../../../json/read.ts';

interface QueuedCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  json: string;
}

/**
 * Which tool call is being written. Other dialects may interleave the fragments of parallel calls, while here blocks follow each
 * other: the call in front is written as it comes, and those behind it are kept until it is whole.
 */
export class ToolQueue {
  #front: QueuedCall | undefined;
  #waiting: QueuedCall[] = [];

  /** True when the call may be written now: nothing is open before it, or what is has all of its arguments. */
  open(index: number, id: string, name: string): boolean {
    const call: QueuedCall = { index, id, name, json: '' };
    if (this.#waiting.length > 0 || (this.#front !== undefined && parseJson(this.#front.json) === undefined)) {
      this.#waiting.push(call);
      return false;
    }
    this.#front = call;
    return true;
  }

  /**
   * True when these arguments may be written now.
   * @throws PipelineError when their call was left for something else: half of its arguments would be worse than none
   */
  add(index: number, json: string): boolean {
    const call = this.#front?.index === index ? this.#front : this.#waiting.find((each) => each.index === index);
    if (!call) throw new PipelineError('server_error', 'arguments of a tool call came after its end');
    call.json += json;
    return call === this.#front;
  }

  /** The open call is followed by something else. */
  close(): void {
    this.#front = undefined;
  }

  /** The calls that were kept, in their order. */
  drain(): readonly QueuedCall[] {
    const calls = this.#waiting;
    this.#waiting = [];
    return calls;
  }
}
