import type { ChatRequest, UserPart } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { Capability } from '../../quirks.ts';

/** @throws PipelineError `invalid_request` that names the field which asks for what the host does not do */
export function checkCapabilities(request: ChatRequest, lacks: readonly Capability[]): void {
  if (lacks.length === 0) return;
  const { tools, responseFormat, messages } = request;
  if (tools.length > 0 && lacks.includes('tools')) throw unsupportedField('tools', 'it calls no tools');
  if (responseFormat?.type === 'json-schema' && lacks.includes('schemas')) {
    throw unsupportedField('response_format', 'it takes no schema for its answer');
  }
  messages.forEach((message, index) => {
    if (message.role !== 'user' && message.role !== 'tool') return;
    message.content.forEach((part, at) => {
      const wanted = WANTED[part.type];
      if (wanted === undefined || !lacks.includes(wanted)) return;
      throw unsupportedField(`messages[${index}].content[${at}]`, `it takes no ${wanted}`);
    });
  });
}

const WANTED: Readonly<Partial<Record<UserPart['type'], Capability>>> = { image: 'images', file: 'files' };
