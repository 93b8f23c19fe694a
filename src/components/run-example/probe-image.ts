/** Takes a picture file, from the disk, dropped or pasted, and scales it. The file stays in the page. Knows no model. */
import type { InputSpec } from '../../contract/example.ts';
import { zh } from '../../i18n/zh.ts';
import { announcement, element, fileInput, tooLarge } from './probe-parts.ts';
import type { Field } from './probe.ts';

/**
 * Grey values, or red, green and blue in turn, 0…1, of `rgba` bytes.
 * Grey is the luma of ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue.
 */
export function pixelsOf(rgba: ArrayLike<number>, channels: 1 | 3): number[] {
  const pixels: number[] = [];
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
    if (channels === 1) pixels.push((0.299 * red + 0.587 * green + 0.114 * blue) / 255);
    else pixels.push(red / 255, green / 255, blue / 255);
  }
  return pixels;
}

/** The largest rectangle of the wanted proportions in the middle of a picture. */
export function middleOf(
  picture: { readonly width: number; readonly height: number },
  wanted: { readonly width: number; readonly height: number },
): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(picture.width / wanted.width, picture.height / wanted.height);
  const [width, height] = [wanted.width * scale, wanted.height * scale];
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}

/** A file input with a preview of what the model will see. */
export function imageField(spec: Extract<InputSpec, { kind: 'image' }>): Field {
  const { width, height, channels } = spec;
  let pixels: number[] | undefined;
  let problem: string = zh.imageMissing;

  const node = element('div', 'param drop');
  const { label, input } = fileInput(spec.label, 'image/*');
  const canvas = element('canvas', 'seen');
  canvas.width = width;
  canvas.height = height;
  canvas.style.setProperty('--pad-ratio', `${width} / ${height}`);
  canvas.hidden = true;
  canvas.setAttribute('role', 'img');
  const help = element('span', 'field-note', zh.imageHelp(width, height));
  const told = announcement();
  node.append(label, help, canvas, told);

  const refuse = (sentence: string): void => {
    pixels = undefined;
    problem = sentence;
    canvas.hidden = true;
    told.textContent = sentence;
  };
  const context = canvas.getContext('2d', { willReadFrequently: true });
  async function take(file: File): Promise<void> {
    if (file.type !== '' && !file.type.startsWith('image/')) return refuse(zh.imageKind(file.name));
    const large = tooLarge(file);
    if (large !== undefined) return refuse(large);
    let picture: ImageBitmap;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return refuse(zh.imageKind(file.name));
    }
    if (!context) return refuse(zh.imageKind(file.name));
    const part = middleOf(picture, spec);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, part.x, part.y, part.width, part.height, 0, 0, width, height);
    told.textContent = zh.imageTaken(file.name, picture.width, picture.height);
    canvas.setAttribute('aria-label', zh.imageSeen(file.name, width, height));
    canvas.hidden = false;
    picture.close();
    pixels = pixelsOf(context.getImageData(0, 0, width, height).data, channels);
  }
  const takeFirst = (files: FileList | undefined | null): void => {
    const [file] = files ?? [];
    if (file) void take(file);
  };
  input.addEventListener('change', () => takeFirst(input.files));
  node.addEventListener('dragover', (event) => event.preventDefault());
  node.addEventListener('drop', (event) => {
    event.preventDefault();
    takeFirst(event.dataTransfer?.files);
  });
  node.addEventListener('paste', (event) => takeFirst(event.clipboardData?.files));
  return { node, read: () => (pixels ? { kind: 'image', pixels } : { problem }) };
}
