/** Names of formats, and the media types that they stand for. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
};

const IMAGES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

const flip = (table: Readonly<Record<string, string>>) =>
  new Map(Object.entries(table).map(([format, type]) => [type, format]));
const DOCUMENT_FORMATS = flip(DOCUMENTS);
const IMAGE_FORMATS = flip(IMAGES).set('image/jpg', 'jpeg');

export function documentType(format: string): string | undefined {
  return Object.hasOwn(DOCUMENTS, format) ? DOCUMENTS[format] : undefined;
}

export function imageType(format: string): string | undefined {
  return Object.hasOwn(IMAGES, format) ? IMAGES[format] : undefined;
}

export function documentFormat(mediaType: string): string | undefined {
  return DOCUMENT_FORMATS.get(mediaType.toLowerCase());
}

export function imageFormat(mediaType: string): string | undefined {
  return IMAGE_FORMATS.get(mediaType.toLowerCase());
}

/** What may stand in the name of a document: letters, digits, single spaces, hyphens, parentheses and brackets. */
export function documentName(name: string | undefined, taken: Set<string>): string {
  const base =
    (name ?? '')
      .replace(/\.[a-z0-9]{1,5}$/i, '')
      .replace(/[^a-zA-Z0-9()[\]-]+/g, ' ')
      .trim()
      .slice(0, 180) || 'document';
  let unique = base;
  for (let count = 2; taken.has(unique); count += 1) unique = `${base} ${count}`;
  taken.add(unique);
  return unique;
}
