/**
 * Our names of hosts, and the ids that the price data has for them. Engines that one runs oneself cost what the machine costs, and
 * hosts that are not here are not in the data: their prices come from the configuration.
 */
const VENDOR_OF: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  azure: 'azure',
  bedrock: 'aws',
  gemini: 'google',
  'gemini-openai': 'google',
  vertex: 'google',
  mistral: 'mistral',
  groq: 'groq',
  cohere: 'cohere',
  xai: 'x-ai',
  together: 'together',
  fireworks: 'fireworks',
  deepseek: 'deepseek',
  perplexity: 'perplexity',
  openrouter: 'openrouter',
  cerebras: 'cerebras',
  cloudflare: 'cloudflare',
};

export function vendorOf(host: string): string | undefined {
  return Object.hasOwn(VENDOR_OF, host) ? VENDOR_OF[host] : undefined;
}
