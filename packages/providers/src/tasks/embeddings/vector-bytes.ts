/** Bytes of one number: OpenAI sends 32-bit floats, least significant byte first. */
const SIZE = 4;

export function toBase64(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * SIZE));
  for (const [index, value] of vector.entries()) view.setFloat32(index * SIZE, value, true);
  return Buffer.from(view.buffer).toString('base64');
}

/** Bytes that are left over at the end are no number. */
export function fromBase64(text: string): readonly number[] {
  const bytes = Buffer.from(text, 'base64');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / SIZE) }, (_, index) => view.getFloat32(index * SIZE, true));
}
