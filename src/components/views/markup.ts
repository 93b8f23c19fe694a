/** Safe HTML and SVG text: escaping, measuring, cutting and wrapping. Knows no view and no scale. */

/** Characters that must not reach markup as they are. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for element content and for quoted attributes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A coordinate with one decimal, without `-0` and trailing zeros. Pixels far off the picture are pulled in. */
export function pixel(value: number): string {
  const near = Math.max(-9999, Math.min(9999, value));
  const rounded = Math.round(near * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
const NARROW = /[ .,:;'|!ijlIt()[\]]/;
const BROAD = /[mwMW%@]/;

function characterWidth(character: string): number {
  if (WIDE.test(character) || (character.codePointAt(0) ?? 0) > 0xffff) return 1;
  if (NARROW.test(character)) return 0.34;
  return BROAD.test(character) ? 0.9 : 0.6;
}

/** Estimated width in pixels of a line of text in the page's sans-serif face. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += characterWidth(character);
  return sum * size;
}

/** `text`, cut with an ellipsis where it is wider than `width` pixels. */
export function cutText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(`${kept + character}…`, size) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** `text` in at most `lines` lines of `width` pixels; the last one is cut where the text goes on. */
export function wrapText(text: string, size: number, width: number, lines: number): string[] {
  const result: string[] = [];
  let rest = text.trim();
  while (rest !== '' && result.length < lines - 1 && textWidth(rest, size) > width) {
    let end = 0;
    let space = 0;
    const characters = [...rest];
    while (
      end < characters.length &&
      textWidth(characters.slice(0, end + 1).join(''), size) <= width
    ) {
      if (characters[end] === ' ') space = end;
      end++;
    }
    const cut = space > 0 && characters[end] !== ' ' ? space : Math.max(1, end);
    result.push(characters.slice(0, cut).join('').trim());
    rest = characters.slice(cut).join('').trim();
  }
  if (rest !== '') result.push(cutText(rest, size, width));
  return result;
}

/** One line of SVG text. `kind` picks the CSS class: plain, muted, number or strong. */
export function svgText(
  text: string,
  x: number,
  y: number,
  options: {
    readonly anchor?: 'start' | 'middle' | 'end';
    readonly kind?: 'muted' | 'strong';
    readonly size?: number;
    readonly transform?: string;
  } = {},
): string {
  const anchor = options.anchor ?? 'start';
  const classes = options.kind === undefined ? 'view-text' : `view-text view-${options.kind}`;
  return (
    `<text class="${classes}" x="${pixel(x)}" y="${pixel(y)}"` +
    (anchor === 'start' ? '' : ` text-anchor="${anchor}"`) +
    (options.size === undefined ? '' : ` font-size="${String(options.size)}"`) +
    (options.transform === undefined ? '' : ` transform="${options.transform}"`) +
    `>${escapeText(text)}</text>`
  );
}

/** The outer element of every drawn picture: hidden insides, one spoken sentence. */
export function svgPicture(
  width: number,
  height: number,
  description: string,
  body: string,
): string {
  const [w, h] = [pixel(width), pixel(height)];
  return (
    `<svg class="view-picture" role="img" aria-label="${escapeText(description)}" ` +
    `viewBox="0 0 ${w} ${h}" style="max-width:${pixel(width * 1.25)}px" ` +
    `font-size="12" xmlns="http://www.w3.org/2000/svg">${body}</svg>`
  );
}

/** A region of the picture outside of which nothing of `body` shows. Coordinates stay the picture's. */
export function svgClip(
  box: { left: number; top: number; right: number; bottom: number },
  body: string,
): string {
  const [x, y] = [pixel(box.left), pixel(box.top)];
  const [w, h] = [pixel(box.right - box.left), pixel(box.bottom - box.top)];
  return (
    `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${x} ${y} ${w} ${h}" ` +
    `overflow="hidden">${body}</svg>`
  );
}
