import { NO_USAGE, type FinishReason, type StreamPart, type Usage } from '@x/core';
import { ToolQueue } from '../../anthropic-messages/stream/tool-queue.ts';
import type { StreamEncoder, StreamMeta } from '../../codec.ts';
import { encodeStopReason } from '../answer/stop-reason.ts';
import { encodeUsage } from '../answer/usage.ts';
import { FRAMES } from './frames.ts';

type BlockType = 'text' | 'reasoning' | 'tool';

/** Writes ConverseStream events: blocks follow each other, one open at a time. Only those of tools have a start. */
export class ConverseEncoder implements StreamEncoder {
  readonly #tools = new ToolQueue();
  #started = false;
  #open: BlockType | undefined;
  #index = -1;
  #usage: Usage | undefined;
  #reason: FinishReason | undefined;
  #refused = false;

  /**
   * The dialect names neither an answer's id nor its model. With `goesOn`, writes the rest of a stream that has begun: `open` is the
   * block that it is in, `index` that of the last one.
   */
  constructor(_meta: StreamMeta, goesOn?: { readonly open: 'text' | 'reasoning' | undefined; readonly index: number }) {
    if (goesOn === undefined) return;
    this.#started = true;
    this.#open = goesOn.open;
    this.#index = goesOn.index;
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        return this.#begin();
      case 'refusal':
        this.#refused = true;
        return this.#text(part.text);
      case 'text':
        return this.#text(part.text);
      case 'reasoning':
        return this.#enter('reasoning') + this.#delta(`{"reasoningContent":{"text":${JSON.stringify(part.text)}}}`);
      case 'reasoning-signature':
        return (
          this.#enter('reasoning') + this.#delta(`{"reasoningContent":{"signature":${JSON.stringify(part.signature)}}}`)
        );
      case 'tool-call':
        // A call that begins before the one in front of it is whole waits its turn.
        if (!this.#tools.open(part.index, part.id, part.name)) return '';
        return this.#begin() + this.#leave() + this.#openTool(part.id, part.name);
      case 'tool-arguments':
        return this.#tools.add(part.index, part.json) ? this.#arguments(part.json) : '';
      case 'finish':
        this.#reason = part.reason;
        return '';
      case 'usage':
        // The counts come last here, and before the finish elsewhere.
        this.#usage = part.usage;
        return '';
    }
  }

  end(): string {
    const frames = this.#begin() + this.#leave() + this.#flushTools();
    const reason = this.#refused ? 'content_filtered' : encodeStopReason(this.#reason);
    const metadata = { usage: encodeUsage(this.#usage ?? NO_USAGE), metrics: { latencyMs: 0 } };
    return (
      frames + FRAMES.messageStop.frame(`{"stopReason":"${reason}"}`) + FRAMES.metadata.frame(JSON.stringify(metadata))
    );
  }

  #begin(): string {
    if (this.#started) return '';
    this.#started = true;
    return FRAMES.messageStart.frame('{"role":"assistant"}');
  }

  #text(text: string): string {
    return this.#enter('text') + this.#delta(`{"text":${JSON.stringify(text)}}`);
  }

  #arguments(json: string): string {
    return this.#delta(`{"toolUse":{"input":${JSON.stringify(json)}}}`);
  }

  #flushTools(): string {
    let frames = '';
    for (const { id, name, json } of this.#tools.drain()) {
      frames += this.#openTool(id, name) + (json === '' ? '' : this.#arguments(json)) + this.#leave();
    }
    return frames;
  }

  #enter(type: 'text' | 'reasoning'): string {
    if (this.#open === type) return '';
    const before = this.#begin() + this.#leave();
    this.#tools.close();
    this.#open = type;
    this.#index += 1;
    return before;
  }

  #openTool(toolUseId: string, name: string): string {
    this.#open = 'tool';
    this.#index += 1;
    const start = { contentBlockIndex: this.#index, start: { toolUse: { toolUseId, name } } };
    return FRAMES.contentBlockStart.frame(JSON.stringify(start));
  }

  #leave(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return FRAMES.contentBlockStop.frame(`{"contentBlockIndex":${this.#index}}`);
  }

  #delta(delta: string): string {
    return FRAMES.contentBlockDelta.frame(`{"contentBlockIndex":${this.#index},"delta":${delta}}`);
  }
}
