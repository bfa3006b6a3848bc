import type { JsonObject } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { UserPart } from '../../../hub/request.ts';

export function encodeUserPart(part: UserPart, notes: TranslationNotes): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image': {
      const { source } = part;
      if (source.kind === 'url') return [{ fileData: { mimeType: imageType(source.url), fileUri: source.url } }];
      return [{ inlineData: { mimeType: source.mediaType, data: source.data } }];
    }
    case 'file':
      if (part.name !== undefined) notes.drop('filename');
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }];
  }
}

const BY_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
};

/** Gemini wants to be told a type. What does not say so by its name is most likely a photograph. */
function imageType(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return BY_ENDING[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'image/jpeg';
}
