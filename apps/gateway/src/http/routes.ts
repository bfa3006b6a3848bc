import type { Exchange } from './exchange.ts';

/** Answers one exchange. A rejection becomes an error in the dialect of the path. */
export type Route = (exchange: Exchange) => void | Promise<void>;

/** Routes of one path by method. */
export type Methods = Readonly<Partial<Record<string, Route>>>;

/**
 * A fixed table of exact paths, so that finding a route is one look-up; and of first steps, as `/gemini/*`, for dialects that
 * have the model in their path.
 */
export type RouteTable = ReadonlyMap<string, Methods>;

/** The path of a request target: without its query, and without the origin that a proxy's request line carries. */
export function pathOf(url: string): string {
  const from = url.startsWith('/') ? 0 : afterOrigin(url);
  const query = url.indexOf('?', from);
  return query === -1 ? url.slice(from) : url.slice(from, query);
}

/** The routes of a path: its own, or those of all that begins as it does. */
export function methodsOf(routes: RouteTable, path: string): Methods | undefined {
  const own = routes.get(path);
  if (own !== undefined || path.endsWith('/*')) return own;
  const slash = path.indexOf('/', 1);
  return slash === -1 ? undefined : routes.get(`${path.slice(0, slash)}/*`);
}

function afterOrigin(url: string): number {
  const scheme = url.indexOf('://');
  const slash = scheme === -1 ? -1 : url.indexOf('/', scheme + 3);
  return slash === -1 ? 0 : slash;
}
