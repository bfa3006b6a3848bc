import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** The JSON schema (draft 2020-12) of the configuration file, for editors and other tools. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
}
