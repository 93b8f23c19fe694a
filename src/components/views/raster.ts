/** Small PNG pictures as data URIs, from palette indices. Knows nothing of views and needs no canvas. */

/** Red, green, blue, alpha; each an integer 0…255. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as in PNG annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Adler-32 as in RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  return join([uint32(data.length), body, uint32(crc32(body))]);
}

/** A zlib stream of stored blocks: no compression, so no compressor; the page's own gzip does that work. */
function zlibStored(raw: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let start = 0; start === 0 || start < raw.length; start += 65535) {
    const block = raw.subarray(start, start + 65535);
    const last = start + 65535 >= raw.length ? 1 : 0;
    const n = block.length;
    parts.push(Uint8Array.of(last, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255), block);
  }
  parts.push(uint32(adler32(raw)));
  return join(parts);
}

/** A PNG of one byte a channel as a `data:` URI; `type` and `extra` chunks as in the PNG standard, `row` its bytes a line. */
function encode(
  width: number,
  height: number,
  type: number,
  row: number,
  byteAt: (place: number) => number,
  extra: readonly Uint8Array[],
): string {
  const raw = new Uint8Array((row + 1) * height); // a filter byte 0 opens each line
  for (let y = 0; y < height; y++)
    for (let n = 0; n < row; n++) raw[y * (row + 1) + 1 + n] = byteAt(y * row + n);
  const bytes = join([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', join([uint32(width), uint32(height), Uint8Array.of(8, type, 0, 0, 0)])),
    ...extra,
    chunk('IDAT', zlibStored(raw)),
    chunk('IEND', new Uint8Array(0)),
  ]);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}

/**
 * A PNG in red, green and blue as a `data:` URI.
 *
 * @param values `3 · width · height` numbers 0…1, red, green, blue in turn, row by row from the top; others are cut off.
 * @throws Error when their number does not match.
 */
export function colourPngUri(width: number, height: number, values: ArrayLike<number>): string {
  if (values.length !== 3 * width * height || width < 1 || height < 1)
    throw new Error(
      `png: ${String(width)} x ${String(height)} pixels of 3 values wanted, got ${String(values.length)} values`,
    );
  const byteAt = (place: number): number =>
    Math.round(255 * Math.max(0, Math.min(1, values[place] ?? 0)));
  return encode(width, height, 2, 3 * width, byteAt, []);
}

/**
 * A PNG (8-bit palette with alpha) as a `data:` URI.
 *
 * @param indices `width · height` palette indices, row by row from the top.
 * @param palette 1…256 colours.
 * @throws Error when sizes do not match.
 */
export function pngUri(
  width: number,
  height: number,
  indices: ArrayLike<number>,
  palette: readonly Colour[],
): string {
  if (indices.length !== width * height || width < 1 || height < 1)
    throw new Error(
      `png: ${String(width)} x ${String(height)} pixels wanted, got ${String(indices.length)}`,
    );
  if (palette.length < 1 || palette.length > 256)
    throw new Error(`png: 1 to 256 colours wanted, got ${String(palette.length)}`);
  return encode(width, height, 3, width, (place) => indices[place] ?? 0, [
    chunk('PLTE', Uint8Array.from(palette.flatMap(([red, green, blue]) => [red, green, blue]))),
    chunk(
      'tRNS',
      Uint8Array.from(palette, (colour) => colour[3]),
    ),
  ]);
}
