import { PipelineError } from '@x/core';
import type { Route } from './routes.ts';

/** What a proxy on the same machine adds for a caller that is elsewhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'] as const;

/** A read-only page of the admin plane, as JSON. Its members hold names of keys, never their values. */
export function adminRoute(read: () => unknown, from: 'loopback' | 'any'): Route {
  return (exchange) => {
    const { headers, socket } = exchange.request;
    const isLocal = isLoopback(socket.remoteAddress) && FORWARDED.every((name) => headers[name] === undefined);
    if (from === 'loopback' && !isLocal) {
      throw new PipelineError('permission', 'the admin plane answers this machine alone', {
        code: 'admin_loopback_only',
      });
    }
    exchange.sendJson(200, JSON.stringify(read()), ['cache-control', 'no-store']);
  };
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
