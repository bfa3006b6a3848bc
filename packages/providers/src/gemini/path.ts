/** Names that need no escape, which almost all are. */
const PLAIN = /^[\w.@-]+$/;

/** A model as one step of a path. Names come from callers: nothing in them may lead to another path. */
export function pathStep(name: string): string {
  return PLAIN.test(name) ? name : encodeURIComponent(name);
}

/** `models/gemini-2.5-flash`; a name may say itself of which collection it is, as Google writes names. */
export function modelPath(model: string): string {
  if (model.startsWith('tunedModels/')) return `tunedModels/${pathStep(model.slice('tunedModels/'.length))}`;
  return `models/${pathStep(model.startsWith('models/') ? model.slice('models/'.length) : model)}`;
}

/** Server-sent events have to be asked for: without `alt` a stream is one JSON list. */
export function geminiMethod(stream: boolean): string {
  return stream ? ':streamGenerateContent?alt=sse' : ':generateContent';
}
