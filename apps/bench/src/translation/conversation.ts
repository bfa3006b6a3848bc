import type { ChatMessage, ChatRequest } from '@x/providers';

const TURNS = 6;
const PARAGRAPH =
  'The customer writes that the invoice of last month shows the old address, although it was changed in March, and asks for a new one. ';

const tool = (name: string) => ({
  name,
  description: `Looks up the ${name} of a customer in the accounts, by number or by name.`,
  parameters: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'The number of the customer.' },
      since: { type: 'string', description: 'A date such as 2026-01-31.' },
      limit: { type: 'integer', description: 'How many there may be.' },
    },
    required: ['id'],
    additionalProperties: false,
  },
});

const exchange = (index: number): ChatMessage[] => [
  { role: 'user', content: [{ type: 'text', text: PARAGRAPH.repeat(2) }] },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'I will look.' },
      {
        type: 'tool-call',
        id: `call_${index}`,
        name: 'invoices',
        json: '{"id":"4711","since":"2026-01-01","limit":5}',
      },
    ],
  },
  { role: 'tool', id: `call_${index}`, content: [{ type: 'text', text: PARAGRAPH }], isError: false },
  { role: 'assistant', content: [{ type: 'text', text: PARAGRAPH }] },
];

/** A support case some turns in, with tools: what agents send most. */
export const CONVERSATION: ChatRequest = {
  system: [{ type: 'text', text: `You answer the mail of a shop. ${PARAGRAPH.repeat(3)}` }],
  messages: [
    ...Array.from({ length: TURNS }, (_, index) => exchange(index)).flat(),
    { role: 'user', content: [{ type: 'text', text: 'Write the answer now.' }] },
  ],
  tools: ['invoices', 'orders', 'addresses', 'notes'].map(tool),
  toolChoice: undefined,
  parallelToolCalls: undefined,
  maxTokens: 1_000,
  temperature: 0.5,
  topP: undefined,
  topK: undefined,
  stop: [],
  responseFormat: undefined,
  effort: undefined,
  user: undefined,
  stream: false,
};
