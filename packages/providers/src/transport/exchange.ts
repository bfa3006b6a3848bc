import { abortReason, type HttpHeaders, type HttpResponse, type PipelineError } from '@x/core';
import type { Dispatcher } from 'undici';
import { decodedBody } from './decoded-body.ts';
import { ResponseBody, type BodyControl } from './response-body.ts';
import { transportError } from './transport-error.ts';

/** How the promise of an exchange is kept or broken. */
export interface Outcome {
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: PipelineError) => void;
}

/**
 * One request and its answer, on undici's callbacks. Leaner than its `request()`: no Node stream stands between connection and
 * reader, and an abort also ends a request that still waits for a connection.
 */
export class Exchange implements Dispatcher.DispatchHandler, BodyControl {
  readonly #origin: string;
  readonly #signal: AbortSignal;
  readonly #outcome: Outcome;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ResponseBody | undefined;
  #aborted = false;

  constructor(origin: string, signal: AbortSignal, outcome: Outcome) {
    this.#origin = origin;
    this.#signal = signal;
    this.#outcome = outcome;
    signal.addEventListener('abort', this, { once: true });
  }

  /** The signal aborts. */
  handleEvent(): void {
    const reason = abortReason(this.#signal);
    this.#fail(reason);
    this.#abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(new Error('left before it was sent'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    // Interim answers such as 103 are none.
    if (status < 200) return;
    this.#controller = controller;
    this.#body = new ResponseBody(this);
    this.#outcome.resolve({ status, headers, body: decodedBody(this.#body, headers['content-encoding']) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.#release();
    this.#body?.end();
  }

  onResponseError(_controller: unknown, thrown: unknown): void {
    this.#release();
    this.#fail(transportError(thrown, this.#origin, this.#signal));
  }

  /** Its reader has room again. */
  resume(): void {
    this.#controller?.resume();
  }

  /** Its reader wants no more. */
  close(): void {
    this.#abort(new Error('left before its end'));
  }

  #fail(error: PipelineError): void {
    if (this.#body) this.#body.fail(error);
    else this.#outcome.reject(error);
  }

  #abort(reason: Error): void {
    this.#aborted = true;
    this.#release();
    this.#controller?.abort(reason);
  }

  #release(): void {
    this.#signal.removeEventListener('abort', this);
  }
}
