import {
  described,
  abortReason,
  throwIfAborted,
  TRAIL,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import type { Lease } from '@x/store';
import { AccountedStream } from '../accounting/accounted-stream.ts';
import type { Accountant, OpenCall } from '../accounting/accountant.ts';
import type { LedgerWriter } from '../accounting/ledger-writer.ts';
import { usageOfAnswer, usageOfPart } from '../accounting/usage-of.ts';
import type { Tenant } from '../directory/tenant.ts';
import { denied } from '../errors.ts';
import { VIRTUAL_KEY } from '../keys.ts';
import { describeLevel } from '../limits/describe.ts';
import { GOVERNANCE_NOTES } from '../notes/notes.ts';
import type { Admitter } from './admitter.ts';
import type { Estimator } from './estimator.ts';

/** The parts that `createGovernance` makes. */
export interface AuthorizeOptions {
  readonly estimator: Estimator;
  readonly admitter: Admitter;
  readonly accountant: Accountant;
  readonly writer: LedgerWriter;
}

/**
 * Lets a call to one target through where its provider and model are allowed and every level has room for what it may cost; takes
 * that as a lease before the call, and settles it to what it was.
 */
export function authorize(options: AuthorizeOptions): Middleware<LlmRequest, LlmResponse> {
  const { accountant, writer } = options;
  const layer: Middleware<LlmRequest, LlmResponse> = (next) =>
    async function authorize(request, context) {
      throwIfAborted(context.signal);
      const tenant = context.get(VIRTUAL_KEY);
      const refusal = writer.refusal();
      if (refusal !== undefined) throw refusal;
      const admitted = tenant === undefined ? undefined : admit(options, tenant, { request, context });
      const lease = admitted instanceof Promise ? await admitted : admitted;
      const call: OpenCall = {
        request,
        context,
        tenant,
        lease,
        startedAt: context.clock.now(),
        attemptsBefore: context.get(TRAIL)?.attempts.length ?? 0,
      };
      let response: LlmResponse;
      try {
        throwIfAborted(context.signal);
        response = await next(request, context);
      } catch (error) {
        abandon(accountant, call);
        throw error;
      }
      if (response.stream) return new AccountedStream(accountant, call, response).stream;
      const usage = usageOfAnswer(request, response);
      accountant.learn(call, usage);
      await accountant.book(call, usage, 'ok');
      return response;
    };
  return described(layer, { name: 'authorize' });
}

interface Asked {
  readonly request: LlmRequest;
  readonly context: Context;
}

/** Undefined where nothing is limited. @throws PipelineError for what is not allowed, or has no room */
function admit(
  { estimator, admitter }: AuthorizeOptions,
  tenant: Tenant,
  { request, context }: Asked,
): Lease | Promise<Lease> | undefined {
  const { target } = request;
  const rules = tenant.rulesFor(target.provider);
  const denial = tenant.denial(target, request.rest?.model);
  if (denial !== undefined) throw denied(denial.kind, target, describeLevel(denial.level));
  if (rules.group === undefined) return undefined;
  const demand = estimator.demandOf(request, rules, tenant.id);
  return admitter.admit({ rules, demand, target, notes: context.get(GOVERNANCE_NOTES) });
}

/**
 * No answer. One whose caller left while a call was under way has been paid for by now, as far as its prompt goes; any other failure
 * counts nothing.
 */
function abandon(accountant: Accountant, call: OpenCall): void {
  if (isLeft(call.context) && wasUnderWay(call)) {
    accountant.bookLater(call, usageOfPart(call.request, undefined, 0), 'cancelled');
  } else {
    accountant.release(call);
  }
}

/** Whether it was an upstream call that ended when the caller left, and not a wait for one. */
function wasUnderWay({ context, attemptsBefore }: OpenCall): boolean {
  const attempts = context.get(TRAIL)?.attempts ?? [];
  return attempts.length > attemptsBefore && attempts.at(-1)?.outcome === 'cancelled';
}

function isLeft({ signal }: Context): boolean {
  if (!signal.aborted) return false;
  const { kind, code } = abortReason(signal);
  return kind === 'cancelled' && code !== 'hedge_lost';
}
