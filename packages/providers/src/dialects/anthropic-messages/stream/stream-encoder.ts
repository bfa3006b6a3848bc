import { NO_USAGE, type FinishReason, type JsonObject, type StreamPart, type Usage } from '@x/core';
import type { StreamEncoder, StreamMeta } from '../../codec.ts';
import { encodeStopReason } from '../answer/stop-reason.ts';
import { ToolQueue } from './tool-queue.ts';
import { encodeUsage } from '../answer/usage.ts';

export const END_FRAME = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

type BlockType = 'text' | 'thinking' | 'tool';

const EMPTY_BLOCKS: Readonly<Record<Exclude<BlockType, 'tool'>, JsonObject>> = {
  text: { type: 'text', text: '' },
  thinking: { type: 'thinking', thinking: '', signature: '' },
};

/** Writes Messages events: blocks follow each other, one open at a time. */
export class EventEncoder implements StreamEncoder {
  readonly #meta: StreamMeta;
  readonly #tools = new ToolQueue();
  #started = false;
  #open: BlockType | undefined;
  #index = -1;
  #usage: Usage | undefined;
  #reason: FinishReason | undefined;
  #refused = false;

  /** With `goesOn`, writes the rest of a stream that has begun: which text block is open, and the last index in use. */
  constructor(meta: StreamMeta, goesOn?: { readonly open: 'text' | undefined; readonly index: number }) {
    this.#meta = meta;
    if (goesOn === undefined) return;
    this.#started = true;
    this.#open = goesOn.open;
    this.#index = goesOn.index;
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        return this.#start(part.id, part.model);
      case 'refusal':
        this.#refused = true;
        return this.#text(part.text);
      case 'text':
        return this.#text(part.text);
      case 'reasoning':
        return (
          this.#enter('thinking') + this.#delta(`{"type":"thinking_delta","thinking":${JSON.stringify(part.text)}}`)
        );
      case 'reasoning-signature':
        return (
          this.#enter('thinking') + this.#delta(JSON.stringify({ type: 'signature_delta', signature: part.signature }))
        );
      case 'tool-call':
        return this.#callTool(part.index, part.id, part.name);
      case 'tool-arguments':
        return this.#tools.add(part.index, part.json) ? this.#arguments(part.json) : '';
      case 'finish':
        this.#reason = part.reason;
        return '';
      case 'usage':
        // The counts come after the finish here and stand beside it there, so both wait for the end.
        this.#usage = part.usage;
        return '';
    }
  }

  end(): string {
    const frames = this.#begin() + this.#leave() + this.#flushTools();
    const delta = {
      type: 'message_delta',
      delta: { stop_reason: this.#refused ? 'refusal' : encodeStopReason(this.#reason), stop_sequence: null },
      usage: encodeUsage(this.#usage ?? NO_USAGE),
    };
    return frames + frame('message_delta', JSON.stringify(delta)) + END_FRAME;
  }

  #begin(): string {
    return this.#started ? '' : this.#start(undefined, undefined);
  }

  #start(id: string | undefined, model: string | undefined): string {
    if (this.#started) return '';
    this.#started = true;
    const message = {
      id: id ?? this.#meta.id,
      type: 'message',
      role: 'assistant',
      model: model ?? this.#meta.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: encodeUsage(NO_USAGE),
    };
    return frame('message_start', JSON.stringify({ type: 'message_start', message }));
  }

  #text(text: string): string {
    return this.#enter('text') + this.#delta(`{"type":"text_delta","text":${JSON.stringify(text)}}`);
  }

  #callTool(index: number, id: string, name: string): string {
    // A call that begins before the one in front of it is whole waits its turn.
    if (!this.#tools.open(index, id, name)) return '';
    return this.#begin() + this.#leave() + this.#openBlock('tool', { type: 'tool_use', id, name, input: {} });
  }

  #arguments(json: string): string {
    return this.#delta(`{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}`);
  }

  #flushTools(): string {
    let frames = '';
    for (const { id, name, json } of this.#tools.drain()) {
      frames += this.#openBlock('tool', { type: 'tool_use', id, name, input: {} });
      frames += (json === '' ? '' : this.#arguments(json)) + this.#leave();
    }
    return frames;
  }

  #enter(type: 'text' | 'thinking'): string {
    if (this.#open === type) return '';
    const before = this.#begin() + this.#leave();
    this.#tools.close();
    return before + this.#openBlock(type, EMPTY_BLOCKS[type]);
  }

  #openBlock(type: BlockType, block: JsonObject): string {
    this.#open = type;
    this.#index += 1;
    const start = `{"type":"content_block_start","index":${this.#index},"content_block":${JSON.stringify(block)}}`;
    return frame('content_block_start', start);
  }

  #leave(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return frame('content_block_stop', `{"type":"content_block_stop","index":${this.#index}}`);
  }

  #delta(delta: string): string {
    return frame('content_block_delta', `{"type":"content_block_delta","index":${this.#index},"delta":${delta}}`);
  }
}

function frame(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}
