import type { ChatRequest } from './request.ts';

/** Whether any part of a request says that the prompt up to it is worth keeping. */
export function hasCacheHints({ system, messages, tools }: ChatRequest): boolean {
  return (
    system.some(hinted) || tools.some(hinted) || messages.some((each) => hinted(each) || each.content.some(hinted))
  );
}

function hinted(part: object): boolean {
  return 'cache' in part && part.cache !== undefined;
}
