import { setFlagsFromString } from 'node:v8';

/**
 * Before anything runs: V8 would otherwise begin to allocate what often outlives a young collection, such as the objects of
 * requests under way, in its old space, where each dead one keeps younger ones alive until the next full collection.
 * docs/decisions/0005-nothing-outlives-its-request.md has the figures.
 */
setFlagsFromString('--no-allocation-site-pretenuring');

/**
 * Bytecode, in bytes, that one function may take in when it is compiled for the last time; V8's own limit is 920. A request passes many
 * small functions once each, so most of what they cost is getting to them. docs/decisions/0011-v8-takes-more-in.md has the figures.
 */
setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
