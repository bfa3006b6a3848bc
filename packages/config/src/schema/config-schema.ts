import { ROUTE_DEFAULTS } from '@x/fallback';
import { PROVIDER_DEFAULTS } from '@x/providers';
import { z } from 'zod';
import { governanceSchema, storeSchema } from './governance.ts';
import { backoffSchema, fallbackSchema, keypoolSchema, streamsSchema } from './layers.ts';
import { aliasesSchema, catalogSchema, modelsSchema } from './models.ts';
import { breakerSchema, hedgeSchema } from './target-layers.ts';
import { providerSchema } from './providers.ts';
import { milliseconds, name } from './values.ts';

const serverSchema = z
  .strictObject({
    host: name().default('127.0.0.1').describe('Address to listen on.'),
    port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 for any free one.'),
    maxBodyBytes: z
      .int()
      .min(1)
      .max(1_073_741_824)
      .default(20_971_520)
      .describe('Bytes of a request body; a larger one is answered with 413. Default: 20 MiB.'),
    timeoutMs: milliseconds()
      .min(1)
      .default(600_000)
      .describe('Milliseconds for a whole request, to the end of its stream.'),
    maxTimeoutMs: milliseconds()
      .min(1)
      .optional()
      .describe('Milliseconds that a request may ask for with x-gateway-timeout-ms. Default: timeoutMs.'),
    drainMs: milliseconds()
      .default(30_000)
      .describe('Milliseconds that requests in flight have to end after a signal to stop.'),
    streamKeepAliveMs: milliseconds()
      .default(0)
      .describe(
        "Milliseconds of silence in a stream after which the caller is sent a comment, or a ping on Anthropic's paths; 0 for never.",
      ),
    admin: z
      .enum(['loopback', 'any', 'off'])
      .default('loopback')
      .describe('Who may read /admin: this machine alone, anyone who reaches the port, or nobody.'),
    adminToken: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe(
        'What operators send as a bearer token to change things under /admin, or env.NAME. Default: nobody can.',
      ),
  })
  .describe('The HTTP server of the gateway.');

const logSchema = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Least severe level that is written. Requests are logged at info.'),
  })
  .describe('The request log.');

const chainsSchema = z
  .record(
    name(),
    z
      .array(name())
      .min(1)
      .max(ROUTE_DEFAULTS.maxTargets - 1),
  )
  .default({})
  .describe('Targets to try next, for requests to a "provider/model" that bring no fallbacks of their own.');

const sections = {
  $schema: z.string().optional().describe('Where the JSON schema of this file is; for editors.'),
  server: serverSchema.prefault({}),
  providers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'names of providers are letters, digits, ".", "_" and "-", at most 64'),
      providerSchema,
    )
    .default({})
    .describe('Providers by the name that stands before the slash of a target.'),
  chains: chainsSchema,
  aliases: aliasesSchema,
  models: modelsSchema,
  catalog: catalogSchema.prefault({}),
  fallback: fallbackSchema.prefault({}),
  breaker: breakerSchema,
  hedge: hedgeSchema,
  backoff: backoffSchema.prefault({}),
  keypool: keypoolSchema.prefault({}),
  streams: streamsSchema.prefault({}),
  governance: governanceSchema.optional(),
  store: storeSchema.prefault({}),
  log: logSchema.prefault({}),
};

type ShorthandName = Exclude<keyof typeof PROVIDER_DEFAULTS, keyof typeof sections>;

/** A known provider may also stand at the top level, unless a section has its name. */
export const SHORTHAND_NAMES = (Object.keys(PROVIDER_DEFAULTS) as ShorthandName[]).filter(
  (name) => !(name in sections),
);

const shorthand = Object.fromEntries(SHORTHAND_NAMES.map((name) => [name, providerSchema.optional()])) as Record<
  ShorthandName,
  z.ZodOptional<typeof providerSchema>
>;

/**
 * The configuration file as JSON. It says what is written where; what it cannot say (targets that exist, variables that are
 * set) `parseConfig` checks.
 */
export const configSchema = z
  .strictObject({ ...sections, ...shorthand })
  .describe('Configuration of the gateway and the SDK.');

/** A configuration as a program or a file writes it. */
export type ConfigInput = z.input<typeof configSchema>;

/** The same with all defaults filled in. */
export type ParsedConfig = z.output<typeof configSchema>;
export type ConfigSections = z.output<z.ZodObject<typeof sections>>;
