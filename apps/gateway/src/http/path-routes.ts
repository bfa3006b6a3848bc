import { PipelineError } from '@x/core';
import { llmRoute, type AddressedDialect } from './llm-route.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import type { Methods } from './routes.ts';

/** Paths that begin and end alike and have a model between. */
export interface PathRoute {
  readonly prefix: string;
  readonly suffix: string;
  readonly methods: Methods;
}

const BEDROCK = '/bedrock/model/';

/** Every path that has a name in its middle. Looked at only when no whole path fits. */
export function createPathRoutes(options: ServerOptions, limits: ServerLimits): readonly PathRoute[] {
  return [bedrock('/converse', false), bedrock('/converse-stream', true)].map(({ prefix, suffix, ...dialect }) => ({
    prefix,
    suffix,
    methods: { POST: llmRoute(dialect, options, limits) },
  }));
}

export function findPathRoute(routes: readonly PathRoute[], path: string): Methods | undefined {
  return routes.find(
    ({ prefix, suffix }) =>
      path.length > prefix.length + suffix.length && path.startsWith(prefix) && path.endsWith(suffix),
  )?.methods;
}

function bedrock(suffix: string, stream: boolean): AddressedDialect & Pick<PathRoute, 'prefix' | 'suffix'> {
  return {
    dialect: 'bedrock.converse',
    prefix: BEDROCK,
    suffix,
    addressed(path, provider) {
      const name = decoded(path.slice(BEDROCK.length, -suffix.length));
      // The slashes of an ARN stand between no provider and its model.
      const model = provider !== undefined && name.startsWith('arn:') ? `${provider}/${name}` : name;
      return { model, stream };
    },
  };
}

/** Clients escape the name as one segment, ARNs and slashes included. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    const message = 'the name of the model in the path is not escaped as it should be';
    throw new PipelineError('invalid_request', message, { code: 'invalid_target', param: 'modelId', cause });
  }
}
