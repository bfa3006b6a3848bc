import type { Ask } from '../answer/ask.ts';
import { composeAnswer, type AnswerRules } from '../answer/compose.ts';
import type { Corpus } from '../answer/corpus.ts';
import { completeAt, type Pace } from '../answer/pace.ts';
import { tokensOf } from '../answer/tokens.ts';
import type { ResolvedKey, ResolvedProvider } from '../config/resolved.ts';
import { isProblem, type Problem, type WireDialect } from '../dialects/dialect.ts';
import { isRecord } from '../dialects/input-size.ts';
import { WIRE_DIALECTS } from '../dialects/registry.ts';
import { chargeAtAdmission } from '../engine/charge.ts';
import { createSampler } from '../engine/distribution.ts';
import { randomFor } from '../engine/random.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { RestDesk } from '../rest/rest-desk.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { ProviderStats } from '../stats.ts';
import { writeLimitHeaders } from '../styles/headers.ts';
import type { SimulatedDialect, SimulatedTask } from '../styles/style.ts';
import { askVectors } from '../tasks/ask-task.ts';
import { isTask, TASK_OF } from '../tasks/registry.ts';
import { Exchange } from '../wire/exchange.ts';
import { bodyText, headerOf, presentedKey, type Incoming } from '../wire/incoming.ts';
import { wholeReply, type Reply } from '../wire/reply.ts';
import { KeyRing } from './key-ring.ts';
import { LaneTable } from './lane-table.ts';
import { ModelList, type ServedModel } from './model-list.ts';
import { modelsBody } from './models-body.ts';
import { Refuser } from './refuser.ts';
import { ProviderTallies } from './tallies.ts';
import { Visit, type SeenRequest } from './visit.ts';

/** What is the same for all requests of a run. */
export interface Run {
  readonly seed: number;
  readonly corpus: Corpus;
  readonly onRequest?: ((request: SeenRequest) => void) | undefined;
}

/** One request on its way through a provider. */
interface Call {
  readonly ask: Ask;
  readonly dialect: WireDialect;
  readonly key: ResolvedKey;
  readonly model: ServedModel;
  readonly random: () => number;
  readonly refuser: Refuser;
  readonly visit: Visit;
  readonly now: number;
}

/** When a request comes, and what goes wrong then. */
interface Occasion {
  readonly faults: FaultPlan;
  readonly now: number;
}

/** A request that has been read, and how it is answered if it may be. */
interface Received {
  readonly ask: Ask | Problem;
  readonly wire: WireDialect;
  readonly incoming: Incoming;
  readonly compose: (call: Call) => Reply;
}

const UNREADABLE: Problem = { message: 'We could not parse the body of your request.' };

/** One provider: who may ask, how much, and what is answered. Knows requests and replies, but no sockets and no clock. */
export class SimulatedProvider {
  readonly name: string;
  readonly #config: ResolvedProvider;
  readonly #run: Run;
  readonly #keys: KeyRing;
  readonly #models: ModelList;
  readonly #rules: AnswerRules;
  readonly #desk = new RestDesk();
  #lanes: LaneTable;
  #tallies = new ProviderTallies();
  #ordinals = new Map<string, number>();

  constructor(config: ResolvedProvider, run: Run) {
    this.name = config.name;
    this.#config = config;
    this.#run = run;
    this.#keys = new KeyRing(config.keys);
    this.#models = new ModelList(config);
    this.#rules = { ...config, corpus: run.corpus, outputTokens: createSampler(config.outputTokens) };
    this.#lanes = new LaneTable(config.limits);
  }

  speaks(dialect: SimulatedDialect | SimulatedTask): boolean {
    const { dialects } = this.#config.style;
    return dialects.includes(isTask(dialect) ? TASK_OF[dialect] : dialect);
  }

  /** As it was in the beginning: full limits, no counts, the first request next. */
  reset(): void {
    this.#lanes = new LaneTable(this.#config.limits);
    this.#tallies = new ProviderTallies();
    this.#ordinals = new Map();
    this.#desk.clear();
  }

  stats(): ProviderStats {
    return this.#tallies.stats();
  }

  listModels(incoming: Incoming, now: number): Exchange {
    const dialect = WIRE_DIALECTS[this.#config.style.dialects[0] ?? 'openai.chat'];
    const value = presentedKey(incoming);
    const key = this.#keys.find(value);
    const refuser = new Refuser(this.#config, { model: '', dialect, now }, this.#nextRandom(key?.name ?? ''));
    if (key === undefined || key.state === 'invalid') return new Exchange(refuser.invalidKey(value));
    const names = this.#models.names.filter((name) => key.models?.includes(name) ?? true);
    return new Exchange(wholeReply({ status: 200, headers: refuser.headers(), body: modelsBody(names, this.name) }));
  }

  answer(dialect: SimulatedDialect | SimulatedTask, incoming: Incoming, options: Occasion): Exchange {
    const wire = WIRE_DIALECTS[dialect];
    const ask = readAsk(wire, incoming);
    return this.#receive({ ask, wire, incoming, compose: (call) => this.#compose(call) }, options);
  }

  /** OpenAI's other endpoints, by the end of their path. */
  serve(path: string, incoming: Incoming, options: Occasion): Exchange {
    const read = this.#desk.read(path, incoming);
    // Where there is no model, what is asked for is counted in its place.
    const model = read?.model ?? `/${path.split('/')[1] ?? ''}`;
    const ask = read === undefined ? UNREADABLE : { ...askVectors(model, [path]), stream: read.streams };
    const compose = (call: Call) => this.#hand(read?.answer(call.key.name) ?? { body: {} }, call);
    return this.#receive({ ask, wire: WIRE_DIALECTS['openai.chat'], incoming, compose }, options);
  }

  #receive({ ask, wire, incoming, compose }: Received, { faults, now }: Occasion): Exchange {
    const value = presentedKey(incoming);
    const key = this.#keys.find(value);
    const random = this.#nextRandom(key?.name ?? '');
    const model = isProblem(ask) ? undefined : this.#models.find(ask.model);
    const refuser = new Refuser(this.#config, { model: isProblem(ask) ? '' : ask.model, dialect: wire, now }, random);
    const seen = {
      provider: this.name,
      key: key?.name,
      model: isProblem(ask) ? undefined : ask.model,
      stream: isProblem(ask) ? undefined : ask.stream,
      at: now,
      faults: [],
      status: 0,
      outcome: undefined,
      endedAt: undefined,
    };
    const visit = new Visit(this.#tallies.of(key?.name, model?.name), seen);
    this.#run.onRequest?.(seen);
    const refuse = (reply: Reply) => new Exchange(reply, visit.answer(reply));

    if (key === undefined || key.state === 'invalid') return refuse(refuser.invalidKey(value));
    if (isProblem(ask)) return refuse(refuser.invalidRequest(ask));
    if (model === undefined || key.models?.includes(ask.model) === false) return refuse(refuser.modelNotFound());
    if (key.state === 'insufficient_quota') return refuse(refuser.insufficientQuota());

    const ordinal = this.#ordinals.get(key.name) ?? 0;
    const struck = faults.strike(
      {
        provider: this.name,
        key: key.name,
        model: ask.model,
        stream: ask.stream,
        ordinal,
        reused: incoming.reused ?? false,
      },
      now,
    );
    visit.struck(struck.names);
    const replaced = struck.replace(refuser);
    if (replaced !== undefined) {
      visit.enter(0);
      return new Exchange(replaced, visit.answer(replaced));
    }
    const call = { ask, dialect: wire, key, model, random, refuser, visit, now };
    const refusal = this.#admit(call);
    if (refusal !== undefined) return refuse(refusal);
    const reply = struck.alter(compose(call), refuser);
    return new Exchange(reply, visit.answer(reply));
  }

  /** Takes the request's charge, or says why not. */
  #admit({ ask, key, model, refuser, visit, now }: Call): Reply | undefined {
    const { charge, burndown, maxOutputTokens } = this.#config;
    // Counting is limited apart, and so generously that nobody notices.
    if (ask.task !== undefined && ask.task.inputs.length === 0) {
      visit.enter(0);
      return undefined;
    }
    const inputTokens = Math.max(1, tokensOf(ask.inputChars));
    if (inputTokens > model.contextWindow) return refuser.contextTooLong(inputTokens, model.contextWindow);
    const lane = this.#lanes.lane(key, model, now);
    const size = { inputTokens, maxTokens: ask.maxTokens, modelMaxTokens: maxOutputTokens };
    const refusal = lane.admit(chargeAtAdmission(charge, size), now);
    if (refusal !== undefined) return refuser.rateLimited(refusal, lane, now);
    visit.enter(inputTokens, { lane, charge, size, burndown });
    return undefined;
  }

  #compose({ ask, dialect, key, model, random, refuser, now }: Call): Reply {
    const answer = composeAnswer(ask, this.#rules, random);
    const pace = this.#pace(model, random);
    const envelope = { id: refuser.digits, model: ask.model, created: Math.floor(now / 1_000) };
    const headers = refuser.headers();
    writeLimitHeaders(this.#config.headers, this.#lanes.lane(key, model, now), now, headers);
    if (!ask.stream) {
      const body = dialect.complete(answer, envelope, ask);
      const delayMs = completeAt(pace, answer.outputTokens);
      return wholeReply({ status: 200, headers, body, delayMs, tokens: answer.outputTokens });
    }
    headers['content-type'] = dialect.streamContentType ?? 'text/event-stream; charset=utf-8';
    headers['cache-control'] = 'no-cache';
    const chunks = dialect.stream(answer, envelope, { pace, includeUsage: ask.includeUsage });
    const delayMs = pace.firstTokenMs;
    return { head: 'answer', delayMs, status: 200, headers, streamed: true, chunks, ending: 'end' };
  }

  /** A body as it is, in its pieces. */
  #hand(
    { status = 200, type = 'application/json', body, pieces }: RestAnswer,
    { key, model, random, refuser, now }: Call,
  ) {
    const { firstTokenMs: delayMs } = this.#pace(model, random);
    const headers: Record<string, string> = { ...refuser.headers(), 'content-type': type };
    writeLimitHeaders(this.#config.headers, this.#lanes.lane(key, model, now), now, headers);
    if (pieces === undefined) return wholeReply({ status, headers, body: JSON.stringify(body), delayMs });
    const chunks = pieces.map((data) => ({ kind: 'content', atMs: delayMs, data, tokens: 0 }) as const);
    return { head: 'answer', delayMs, status, headers, streamed: true, chunks, ending: 'end' } as const;
  }

  #pace(model: ServedModel, random: () => number): Pace {
    const firstTokenMs = model.firstTokenMs(random);
    const perSecond = model.tokensPerSecond?.(random);
    return { firstTokenMs, msPerToken: perSecond === undefined ? 0 : 1_000 / perSecond };
  }

  #nextRandom(key: string): () => number {
    const ordinal = (this.#ordinals.get(key) ?? 0) + 1;
    this.#ordinals.set(key, ordinal);
    return randomFor(this.#run.seed, `${this.name}/${key}`, ordinal);
  }
}

function readAsk(dialect: WireDialect, incoming: Incoming) {
  let body: unknown;
  try {
    body = JSON.parse(bodyText(incoming));
  } catch {
    return { message: 'We could not parse the JSON body of your request.' };
  }
  if (!isRecord(body)) return { message: 'The body of your request must be a JSON object.' };
  return dialect.read(body, (name) => headerOf(incoming, name), incoming.path);
}
