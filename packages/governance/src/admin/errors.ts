import { PipelineError } from '@x/core';
import type { EntityKind } from '@x/store';

export function notFound(kind: EntityKind, id: string): PipelineError {
  return new PipelineError('invalid_request', `there is no ${kind} ${JSON.stringify(id)}`, {
    code: 'entity_not_found',
    param: 'id',
  });
}

export function ownedByConfiguration(kind: EntityKind, id: string): PipelineError {
  const message = `${kind} ${JSON.stringify(id)} stands in the configuration file, and is changed there`;
  return new PipelineError('invalid_request', message, { code: 'owned_by_configuration', param: 'id' });
}

export function conflict(message: string): PipelineError {
  return new PipelineError('invalid_request', message, { code: 'conflict', param: 'id' });
}

export function noSuchOwner(kind: 'team' | 'customer', id: string): PipelineError {
  return new PipelineError('invalid_request', `${kind}: there is no ${kind} ${JSON.stringify(id)}`, {
    code: 'invalid_field',
    param: kind,
  });
}
