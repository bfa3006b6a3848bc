import { setFlagsFromString } from 'node:v8';

/**
 * Before anything runs: V8 would otherwise begin to allocate what often outlives a young collection, such as the objects of
 * requests under way, in its old space, where each dead one keeps younger ones alive until the next full collection.
 * docs/decisions/0005-nothing-outlives-its-request.md has the figures.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
