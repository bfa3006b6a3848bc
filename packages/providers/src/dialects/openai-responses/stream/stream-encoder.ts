import { PipelineError, type FinishReason, type StreamPart, type Usage } from '@x/core';
import type { StreamEncoder, StreamMeta } from '../../codec.ts';
import { envelope, idStem } from '../answer/envelope.ts';
import { encodeStatus } from '../answer/status.ts';
import { encodeUsage } from '../answer/usage.ts';
import { CallItem, type CalledTool } from './call-item.ts';
import { EventWriter, type ItemPlace, type ItemStatus, type OpenItem } from './events.ts';
import { MessageItem, type BegunMessage } from './message-item.ts';
import { ReasoningItem } from './reasoning-item.ts';

/** How far a stream is that somebody else began. */
export interface BegunStream {
  readonly nextNumber: number;
  /** What the response says in all of its events, as JSON without braces. Undefined where it said nothing of itself. */
  readonly fixed: string | undefined;
  /** Those that are whole, as JSON. */
  readonly items: readonly string[];
  /** The one that is not, behind those. */
  readonly message: BegunMessage | undefined;
}

/** Writes Responses events: items of the output follow each other, and calls of functions may overlap. */
export class ResponseEventEncoder implements StreamEncoder {
  readonly #meta: StreamMeta;
  readonly #events: EventWriter;
  readonly #stem: string;
  /** In the order in which they began. */
  readonly #items: OpenItem[] = [];
  readonly #open = new Set<OpenItem>();
  readonly #calls = new Map<number, CallItem>();
  #message: MessageItem | undefined;
  #thought: ReasoningItem | undefined;
  /** The members of the response that never change, as JSON without braces. Empty as long as nothing has been written. */
  #fixed = '';
  #reason: FinishReason | undefined;
  #usage: Usage | undefined;

  /** With `begun`, writes the rest of a stream that has begun. */
  constructor(meta: StreamMeta, begun?: BegunStream) {
    this.#meta = meta;
    this.#stem = idStem(meta);
    this.#events = new EventWriter(begun?.nextNumber);
    if (begun === undefined) return;
    this.#fixed = begun.fixed ?? this.#fixedOf(undefined, undefined);
    this.#items.push(...begun.items.map((json) => ({ json, close: () => '' })));
    if (begun.message === undefined) return;
    const { events, index } = this.#place('msg');
    this.#message = new MessageItem({ events, id: begun.message.id, index }, begun.message);
    this.#items.push(this.#message);
    this.#open.add(this.#message);
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        return this.#begin(part.id, part.model);
      case 'text':
      case 'refusal':
        return this.#say(part.type, part.text);
      case 'reasoning':
        return this.#think(part.text);
      case 'reasoning-signature':
        return this.#sign(part.signature);
      case 'tool-call':
        return this.#call(part.index, part);
      case 'tool-arguments':
        return this.#arguments(part.index, part.json);
      case 'finish':
        this.#reason = part.reason;
        return '';
      case 'usage':
        // The counts stand in the last event.
        this.#usage = part.usage;
        return '';
    }
  }

  end(): string {
    const status = encodeStatus(this.#reason);
    const frames = this.#begin(undefined, undefined) + this.#close(status.status);
    const output = this.#items.map(({ json }) => json).join(',');
    const usage = this.#usage === undefined ? 'null' : JSON.stringify(encodeUsage(this.#usage));
    const changing = `${JSON.stringify(status).slice(1, -1)},"output":[${output}],"usage":${usage}`;
    return frames + this.#response(status.status, changing);
  }

  #begin(id: string | undefined, model: string | undefined): string {
    if (this.#fixed !== '') return '';
    this.#fixed = this.#fixedOf(id, model);
    const changing = '"status":"in_progress","incomplete_details":null,"output":[],"usage":null';
    return this.#response('created', changing) + this.#response('in_progress', changing);
  }

  #fixedOf(id: string | undefined, model: string | undefined): string {
    return JSON.stringify(envelope(this.#meta, { id, model })).slice(1, -1);
  }

  #response(event: 'created' | 'in_progress' | ItemStatus, changing: string): string {
    return this.#events.write(`response.${event}`, `"response":{${this.#fixed},${changing}}`);
  }

  #say(kind: 'text' | 'refusal', text: string): string {
    if (this.#message !== undefined) return this.#message.say(kind, text);
    const before = this.#begin(undefined, undefined) + this.#close('completed');
    const message = new MessageItem(this.#place('msg'));
    this.#message = message;
    return before + this.#add(message) + message.say(kind, text);
  }

  #think(text: string): string {
    const thought = this.#thought;
    if (thought !== undefined && thought.signature === undefined) return thought.think(text);
    const [frames, next] = this.#newThought();
    return frames + next.think(text);
  }

  #sign(signature: string): string {
    const thought = this.#thought;
    if (thought !== undefined && thought.signature === undefined) {
      thought.signature = signature;
      return '';
    }
    const [frames, next] = this.#newThought();
    next.signature = signature;
    return frames;
  }

  #newThought(): readonly [frames: string, thought: ReasoningItem] {
    const before = this.#begin(undefined, undefined) + this.#close('completed');
    const thought = new ReasoningItem(this.#place('rs'));
    this.#thought = thought;
    return [before + this.#add(thought), thought];
  }

  /** Fragments of parallel calls may be interleaved, so a call is open until it is whole or something else follows. */
  #call(index: number, tool: CalledTool): string {
    let frames = this.#begin(undefined, undefined);
    for (const item of this.#open)
      if (!(item instanceof CallItem) || item.whole) frames += this.#closeItem(item, 'completed');
    const call = new CallItem(this.#place('fc'), tool);
    this.#calls.set(index, call);
    return frames + this.#add(call);
  }

  #arguments(index: number, json: string): string {
    const call = this.#calls.get(index);
    // Half of its arguments would be worse than none.
    if (call === undefined || !this.#open.has(call))
      throw new PipelineError('server_error', 'arguments of a tool call came after its end');
    return call.add(json);
  }

  #place(kind: 'msg' | 'rs' | 'fc'): ItemPlace {
    const index = this.#items.length;
    return { events: this.#events, id: `${kind}_${this.#stem}_${index}`, index };
  }

  #add<T extends OpenItem & { open(): string }>(item: T): string {
    this.#items.push(item);
    this.#open.add(item);
    return item.open();
  }

  #close(status: ItemStatus): string {
    let frames = '';
    for (const item of this.#open) frames += this.#closeItem(item, status);
    return frames;
  }

  #closeItem(item: OpenItem, status: ItemStatus): string {
    this.#open.delete(item);
    if (item === this.#message) this.#message = undefined;
    if (item === this.#thought) this.#thought = undefined;
    return item.close(status);
  }
}
