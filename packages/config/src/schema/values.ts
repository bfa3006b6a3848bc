import { z } from 'zod';

/** A time that is waited or allowed: milliseconds, up to a day. */
export const milliseconds = () => z.number().min(0).max(86_400_000);

/** A count of at least one. */
export const count = () => z.int().min(1).max(1_000_000);

/** Text that names something. */
export const name = () => z.string().min(1).max(256);
