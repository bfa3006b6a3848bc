import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PipelineError } from '@x/core';
import type { Access } from './operation.ts';

/** What a proxy on the same machine adds for a caller that is elsewhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'] as const;

const BEARER = /^bearer +/i;

/** Lets operators in, and nobody else. */
export class Guard {
  readonly #from: 'loopback' | 'any';
  readonly #token: Buffer | undefined;

  constructor(from: 'loopback' | 'any', token: string | undefined) {
    this.#from = from;
    this.#token = token === undefined ? undefined : digest(token);
  }

  /** @throws PipelineError `permission` for a caller that is elsewhere */
  checkPlace({ headers, socket }: IncomingMessage): void {
    if (this.#from === 'any') return;
    if (isLoopback(socket.remoteAddress) && FORWARDED.every((name) => headers[name] === undefined)) return;
    throw new PipelineError('permission', 'the admin plane answers this machine alone', {
      code: 'admin_loopback_only',
    });
  }

  /** @throws PipelineError `authentication`, or `permission` where no token is configured that could be sent */
  checkToken({ headers }: IncomingMessage, access: Access): void {
    if (access === 'open') return;
    if (this.#token === undefined) {
      if (access === 'token-if-any') return;
      throw new PipelineError('permission', 'server.adminToken is not configured, so nobody may do this', {
        code: 'admin_token_not_configured',
      });
    }
    const { authorization = '' } = headers;
    const isBearer = BEARER.test(authorization);
    // Digests are of one length, and say nothing of how much of a token was right.
    if (isBearer && timingSafeEqual(digest(authorization.replace(BEARER, '')), this.#token)) return;
    const message = isBearer
      ? 'the admin token is not the right one'
      : 'the admin token is needed: send it as "Authorization: Bearer ..."';
    throw new PipelineError('authentication', message, { code: 'admin_token_invalid' });
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
