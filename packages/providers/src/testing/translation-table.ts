import { PipelineError, type Dialect, type JsonObject } from '@x/core';
import { findDefaults } from '../defaults/provider-defaults.ts';
import { codec, targetCodec } from '../dialects/lookup.ts';
import { DEFAULT_QUIRKS } from '../dialects/quirks.ts';
import { TranslationNotes } from '../hub/notes.ts';
import { CALLERS } from './translation-samples/callers.ts';

/** Who is asked in each dialect. Other models of the same dialect may take more or less. */
const TARGETS: readonly { readonly dialect: Dialect; readonly provider: string; readonly model: string }[] = [
  { dialect: 'openai.chat', provider: 'openai', model: 'gpt-4o' },
  { dialect: 'openai.responses', provider: 'openai', model: 'gpt-4o' },
  { dialect: 'anthropic.messages', provider: 'anthropic', model: 'claude-sonnet-4-6' },
  { dialect: 'gemini.generate', provider: 'gemini', model: 'gemini-2.5-flash' },
  { dialect: 'bedrock.converse', provider: 'bedrock', model: 'anthropic.claude-sonnet-4-6' },
  { dialect: 'cohere.chat', provider: 'cohere', model: 'command-a-03-2025' },
];

/** What becomes of each member of a request on its way into another dialect, as a page. */
export function translationPage(): string {
  const lines = [
    '# Translation',
    '',
    'What becomes of a request whose caller speaks another dialect than the target. Where both speak the same, its bytes pass through',
    'and nothing here applies. This page is written by `npm run docs:translation`, from what the code does with a request of each kind.',
    '',
    '- **yes**: it arrives.',
    '- **dropped**: it is left out, since the answer is as useful without it, and listed in the response header `x-gateway-dropped`.',
    '- **sent as**: it is sent otherwise, and listed in `x-gateway-adjusted`.',
    '- **refused**: the answer would be another one. `invalid_request` before any call, with the field in `param`.',
    '',
    'The signature of a tool call, which Gemini wants back, goes to Gemini alone. Callers of OpenAI find it in `extra_content.google` of the',
    'call, as at Google’s own OpenAI surface; for callers that lost it, and for calls of other models, Gemini is told to do without.',
    '',
    'Thoughts that OpenAI encrypted go back to OpenAI alone, and signed ones of others never to it, whichever dialect their caller speaks:',
    'in a tool loop they are handed back with the calls. Callers of Responses find a signature in `encrypted_content` of a reasoning item.',
    '',
    'What OpenAI keeps (`previous_response_id`, `conversation`, `prompt`, items and files by id) only OpenAI has, and only the organisation',
    'whose key stored it: whoever wants to fall back to another provider, or pools keys of several organisations, sends `store: false`',
    'and the whole conversation in `input`.',
    '',
    `Asked are ${TARGETS.map(({ provider, model }) => `\`${provider}/${model}\``).join(', ')}. Older and newer models may take more or less.`,
  ];
  for (const { dialect, least, samples } of CALLERS) {
    const targets = TARGETS.filter((target) => target.dialect !== dialect);
    const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    lines.push('', `## Callers of \`${dialect}\``, '');
    lines.push(
      row(['member', ...targets.map((target) => `to \`${target.dialect}\``)]),
      row(['---', ...targets.map(() => '---')]),
    );
    for (const [feature, members] of samples) {
      lines.push(row([feature, ...targets.map((target) => outcome(dialect, { ...least, ...members }, target))]));
    }
  }
  return `${lines.join('\n')}\n`;
}

function outcome(from: Dialect, body: JsonObject, { dialect, provider, model }: (typeof TARGETS)[number]): string {
  const notes = new TranslationNotes();
  const quirks = { ...DEFAULT_QUIRKS, ...findDefaults(provider)?.quirks };
  try {
    targetCodec(dialect).encodeRequest(codec(from).decodeRequest(body, notes), { model, quirks, notes });
  } catch (error) {
    if (!PipelineError.isInstance(error)) throw error;
    return `refused: \`${error.param ?? error.code}\``;
  }
  const { 'x-gateway-dropped': dropped, 'x-gateway-adjusted': adjusted } = notes.headers();
  // An answer has to have a limit at Anthropic: that is no matter of the member at hand.
  const changes = (adjusted ?? '').split(', ').filter((change) => change !== '' && !change.startsWith('max_tokens='));
  const said = [dropped && `dropped: \`${dropped}\``, changes.length > 0 && `sent as \`${changes.join(', ')}\``];
  return said.filter((each) => typeof each === 'string').join('; ') || 'yes';
}
