export interface DataUrl {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** The parts of a base64 `data:` URL; undefined for any other text. Written without a pattern, since the data may be 20 MB. */
export function parseDataUrl(url: string): DataUrl | undefined {
  if (url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const comma = url.indexOf(',');
  if (comma === -1) return undefined;
  const head = url.slice(5, comma);
  if (!head.toLowerCase().endsWith(';base64')) return undefined;
  const mediaType = head.slice(0, -';base64'.length).split(';', 1)[0] ?? '';
  return mediaType === '' ? undefined : { mediaType, data: url.slice(comma + 1) };
}

export function formatDataUrl({ mediaType, data }: DataUrl): string {
  return `data:${mediaType};base64,${data}`;
}
