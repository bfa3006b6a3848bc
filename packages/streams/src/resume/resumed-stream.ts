import {
  EventStream,
  formatTarget,
  partialUsage,
  PipelineError,
  toPipelineError,
  TRAIL,
  type AnswerShare,
  type Batch,
  type FinishReason,
  type LlmStream,
  type Settlement,
  type Source,
  type StreamEvent,
  type StreamPart,
  type Target,
  type Usage,
} from '@x/core';
import { mayResume } from './may-resume.ts';
import { sumOf } from './parts-usage.ts';
import type { StreamSplicer } from './resumable-dialect.ts';
import type { ResumeInit } from './resume-init.ts';
import { Rescuer, type Rescued } from './rescuer.ts';
import type { Seam } from './seam.ts';
import { TextLog } from './text-log.ts';

const NOTHING: Batch = [];

/**
 * One stream for the caller, out of as many as it takes. Batch of the first pass as they are; those of others are written anew, so
 * that id, blocks, finish and usage are of one answer.
 */
export class ResumedStream implements Source<Batch> {
  readonly stream: EventStream;
  readonly #init: ResumeInit;
  readonly #splicer: StreamSplicer;
  readonly #log: TextLog;
  readonly #contributors: Target[];
  /** What the parts that broke have used. */
  readonly #spent: AnswerShare[] = [];
  #inner: EventStream;
  #target: Target;
  /** Of the part in progress. */
  #usage: Usage | undefined;
  #partStart = 0;
  #finish: FinishReason | undefined;
  /** Whoever goes on has nobody's words to go on from: tools, or more text than is kept. */
  #sealed: string | undefined;
  /** The caller has thoughts, which nobody else can go on from: the words behind them must be the same again. */
  #thought = false;
  /** Undefined while the first stream flows. */
  #seam: Seam | undefined;
  #mode: Rescued['mode'] = 'replay';
  #rescuer: Rescuer | undefined;
  /** Under way while somebody is asked for the rest. */
  #rescue: Promise<void> | undefined;
  /** Why nobody gave it. */
  #failure: PipelineError | undefined;
  #over = false;

  constructor(init: ResumeInit, first: LlmStream) {
    const { target, dialect, headers, usage, finishReason } = first;
    this.#init = init;
    this.#splicer = init.dialect.splicer(init.request);
    this.#log = new TextLog(init.settings.maxChars);
    this.#inner = EventStream.of(first);
    this.#target = target;
    this.#usage = usage;
    this.#contributors = [target];
    this.stream = new EventStream({ target, dialect, headers, head: [], read: this, close: this.#close });
    this.stream.usage = usage;
    this.stream.finishReason = finishReason;
  }

  take(): Batch | undefined {
    if (this.#failure !== undefined) throw this.#failed(this.#failure);
    if (this.#over) return undefined;
    if (this.#rescue !== undefined) return NOTHING;
    let batch: Batch | undefined;
    try {
      batch = this.#inner.take();
    } catch (thrown) {
      return this.#break(toPipelineError(thrown, 'stream_broken'));
    }
    if (this.#seam !== undefined) return batch === undefined ? this.#conclude() : this.#takeOver(batch);
    if (batch === undefined) this.#end();
    else this.#follow(batch);
    return batch;
  }

  wait(wake: () => void): void {
    if (this.#over || this.#failure !== undefined) wake();
    else if (this.#rescue !== undefined) void this.#rescue.then(wake);
    else this.#inner.wait(wake);
  }

  /** The first stream: only looked at. */
  #follow(batch: Batch): void {
    for (const event of batch) {
      if (this.#sealed === undefined && !this.#splicer.follow(event)) this.#seal('it held more than text');
      for (const part of event.parts) this.#note(part);
    }
  }

  #note(part: StreamPart): void {
    if (part.type === 'text') {
      if (this.#sealed === undefined && !this.#log.add(part.text)) this.#seal('it is longer than what is kept');
    } else if (part.type === 'usage') this.#usage = part.usage;
    else if (part.type === 'finish') this.#finish = part.reason;
    else if (isThought(part) && this.#log.length === 0) this.#thought = true;
    else if (part.type !== 'start') this.#seal('it held more than text');
  }

  #seal(why: string): void {
    this.#sealed ??= why;
    this.#log.clear();
  }

  /** A stream that took over: what the caller has already is left out, and the rest written in the caller's own stream. */
  #takeOver(batch: Batch): Batch {
    const taken: StreamPart[] = [];
    for (const { parts } of batch) {
      for (const part of parts) {
        if (this.#take(part, taken)) continue;
        // What came before it in this batch may be right only by chance.
        this.#differs();
        return NOTHING;
      }
    }
    return taken.length === 0 ? NOTHING : [this.#written(taken)];
  }

  /** False for a part that cannot be what follows. */
  #take(part: StreamPart, taken: StreamPart[]): boolean {
    const seam = this.#seam as Seam;
    switch (part.type) {
      case 'start':
      // Its thoughts are about the whole answer, of which the caller has the beginning.
      case 'reasoning':
      case 'reasoning-signature':
        return true;
      case 'usage':
        this.#usage = part.usage;
        this.#account();
        return true;
      case 'text': {
        const text = seam.take(part.text);
        if (text !== undefined && text !== '') taken.push({ type: 'text', text });
        return text !== undefined;
      }
      case 'finish': {
        const rest = seam.end();
        if (rest !== undefined && rest !== '') taken.push({ type: 'text', text: rest });
        this.#finish = part.reason;
        return rest !== undefined;
      }
      default: {
        const rest = seam.passed ? '' : seam.end();
        if (rest === undefined) return false;
        if (rest !== '') taken.push({ type: 'text', text: rest });
        taken.push(part);
        return true;
      }
    }
  }

  #written(parts: readonly StreamPart[]): StreamEvent {
    let frame = '';
    for (const part of parts) {
      frame += this.#splicer.write(part);
      this.#note(part);
    }
    if (!isSame(this.#contributors.at(-1), this.#target)) this.#contribute(this.#target);
    return { frame, parts };
  }

  #contribute(target: Target): void {
    const trail = this.#init.context.get(TRAIL);
    if (trail?.contributors.length === 0) trail.contributors.push(...this.#contributors);
    this.#contributors.push(target);
    trail?.contributors.push(target);
  }

  /** The stream that took over is at its end. */
  #conclude(): Batch {
    if (this.#finish === undefined) {
      const message = `${formatTarget(this.#target)} ended its answer without saying why`;
      const error = new PipelineError('stream_broken', message, { code: 'invalid_answer', target: this.#target });
      return this.#break(error);
    }
    return [this.#finished(this.#finish)];
  }

  #finished(reason: FinishReason): StreamEvent {
    this.#end();
    this.#account();
    const { usage } = this.stream;
    const frame = this.#splicer.end({ reason, usage, contributors: this.#contributors.map(formatTarget) });
    const parts: StreamPart[] = [{ type: 'finish', reason }];
    if (usage) parts.push({ type: 'usage', usage });
    return { frame, parts };
  }

  /** A stream broke. @throws the break, when nobody can make it good */
  #break(error: PipelineError): Batch {
    const finish = this.#finish;
    if (finish !== undefined && this.#sealed === undefined && error.kind !== 'cancelled') {
      // The answer is whole: all that is missing is its end.
      return [this.#finished(finish)];
    }
    if (this.#over || !mayResume(error, this.#init.context)) throw this.#failed(error);
    if (this.#sealed !== undefined || this.#log.length === 0) throw this.#failed(error);
    this.#rescuer ??= new Rescuer(this.#init);
    this.#rescuer.broke(this.#target, error);
    this.#spend();
    this.#askForRest();
    return NOTHING;
  }

  /** What the part has used, unless none of it is in the answer: then it was a failed attempt. */
  #spend(): void {
    const chars = this.#log.length - this.#partStart;
    if (chars > 0) this.#spent.push({ target: this.#target, usage: partialUsage(this.#usage, chars) });
    this.#usage = undefined;
    this.#partStart = this.#log.length;
    this.#account();
  }

  /** Tells what all of them have used so far, together and apart. */
  #account(): void {
    const last = this.#usage;
    this.stream.usage = sumOf(this.#spent, last);
    const trail = this.#init.context.get(TRAIL);
    if (trail === undefined || this.#spent.length === 0) return;
    trail.shares = last === undefined ? [...this.#spent] : [...this.#spent, { target: this.#target, usage: last }];
  }

  #differs(): void {
    this.#inner.close(undefined, 'discarded');
    this.#rescuer?.differs(this.#target, this.#mode);
    this.#finish = undefined;
    this.#spend();
    this.#askForRest();
  }

  #askForRest(): void {
    const asked = (this.#rescuer as Rescuer).next(this.#log.text(), { mayContinue: !this.#thought });
    this.#rescue = asked.then(this.#onRescued, this.#onLost);
  }

  readonly #onRescued = ({ stream, seam, mode }: Rescued): void => {
    this.#rescue = undefined;
    const inner = EventStream.of(stream);
    if (this.#over) {
      inner.close(undefined, 'discarded');
      return;
    }
    this.#inner = inner;
    this.#seam = seam;
    this.#mode = mode;
    this.#target = stream.target;
    this.#usage = stream.usage;
  };

  readonly #onLost = (thrown: unknown): void => {
    this.#rescue = undefined;
    this.#failure = toPipelineError(thrown);
  };

  #failed(error: PipelineError): PipelineError {
    this.#end();
    return error;
  }

  #end(): void {
    this.#over = true;
    this.#rescuer?.release();
  }

  readonly #close = (reason: unknown, outcome: Settlement['outcome'] | undefined): void => {
    this.#over = true;
    if (this.#rescuer !== undefined) this.#account();
    this.#rescuer?.close(reason);
    this.#inner.close(reason, outcome);
  };
}

function isThought({ type }: StreamPart): boolean {
  return type === 'reasoning' || type === 'reasoning-signature';
}

function isSame(a: Target | undefined, b: Target): boolean {
  return a?.model === b.model && a.provider === b.provider;
}
