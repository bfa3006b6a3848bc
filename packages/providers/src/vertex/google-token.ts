import type { TokenSource } from '../adapter/credential.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** What is used of google-auth-library. */
export interface GoogleAuthLibrary {
  readonly GoogleAuth: new (options: { readonly scopes: string }) => {
    getAccessToken(): Promise<string | null | undefined>;
  };
}

/** By a name that no bundler follows: the library is there only for those who use it. */
const LIBRARY = 'google-auth-library';
const load = (): Promise<GoogleAuthLibrary> => import(LIBRARY) as Promise<GoogleAuthLibrary>;

/**
 * Access tokens of Google's default credentials: a service account's file, the machine's own, or a person's login. The library
 * is loaded with the first token, and keeps each token until it is about to end.
 */
export function googleToken(library: () => Promise<GoogleAuthLibrary> = load): TokenSource {
  let opened: Promise<InstanceType<GoogleAuthLibrary['GoogleAuth']>> | undefined;
  const open = async () => {
    const { GoogleAuth } = await library().catch((cause: unknown) => {
      throw new Error('install google-auth-library, or give vertex() the option accessToken', { cause });
    });
    return new GoogleAuth({ scopes: SCOPE });
  };
  return async () => {
    opened ??= open();
    const auth = await opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    const token = await auth.getAccessToken();
    if (!token) throw new Error('Google’s default credentials gave none');
    return token;
  };
}
