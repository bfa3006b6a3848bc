import type { Handler, LlmRequest, LlmResponse } from '@x/core';
import { anthropic, openai, openaiCompatible, providers } from '@x/providers';
import type { ContenderParts } from './contender.ts';

/** The adapters of all providers in a fleet, over the simulator. All contenders use the same ones. */
export function upstream({ fleet, transport }: ContenderParts): Handler<LlmRequest, LlmResponse> {
  const adapters = Object.entries(fleet).map(([name, { style }]) => {
    const options = { name, transport, baseURL: `http://simulator/${name}/v1` };
    if (style === 'openai') return [name, openai(options)] as const;
    return [name, style === 'anthropic' ? anthropic(options) : openaiCompatible(options)] as const;
  });
  return providers(Object.fromEntries(adapters));
}
