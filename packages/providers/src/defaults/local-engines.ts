import {
  LLAMACPP_ROWS,
  LMSTUDIO_ROWS,
  OLLAMA_ROWS,
  SGLANG_ROWS,
  VLLM_ROWS,
} from '../openai-compatible/more-error-rows.ts';
import type { ProviderDefaults } from './provider-defaults.ts';
import { NO_RESETS } from './resets.ts';
import { CHAT, CHAT_AND_RESPONSES, EMBEDDINGS, rest } from './surfaces.ts';

const local = { local: true, resets: NO_RESETS, quirks: { lacks: ['files'] } } as const;
const RESPONDING = [...CHAT_AND_RESPONSES, EMBEDDINGS, rest('completions')] as const;
const RERANKING = [...CHAT, EMBEDDINGS, rest('completions', 'rerank')] as const;

/**
 * Servers that one runs oneself, at the ports at which they listen unless told otherwise. Of those that have Responses, what is
 * listed has had it since: vLLM 0.10, Ollama 0.13.3, LM Studio 0.3.29.
 */
export const LOCAL_ENGINES = {
  ollama: { ...local, surfaces: RESPONDING, baseURL: 'http://localhost:11434/v1', errors: OLLAMA_ROWS },
  vllm: {
    ...local,
    surfaces: [...CHAT_AND_RESPONSES, EMBEDDINGS, rest('audio', 'completions', 'rerank')],
    baseURL: 'http://localhost:8000/v1',
    errors: VLLM_ROWS,
  },
  sglang: { ...local, surfaces: RERANKING, baseURL: 'http://localhost:30000/v1', errors: SGLANG_ROWS },
  lmstudio: { ...local, surfaces: RESPONDING, baseURL: 'http://localhost:1234/v1', errors: LMSTUDIO_ROWS },
  llamacpp: { ...local, surfaces: RERANKING, baseURL: 'http://localhost:8080/v1', errors: LLAMACPP_ROWS },
} as const satisfies Record<string, ProviderDefaults>;
