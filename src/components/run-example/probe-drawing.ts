/** A pad to draw on, by pointer or by keyboard. Knows no model. */
import type { InputSpec } from '../../contract/example.ts';
import { zh } from '../../i18n/zh.ts';
import { announcement, element, MOVES, quietButton, watchFocus } from './probe-parts.ts';
import type { Field } from './probe.ts';

/**
 * A drawing pad of `width · height` cells. A pointer inks with a soft brush; the arrow keys move a cell cursor and
 * space inks or wipes the cell.
 */
export function drawingField(spec: Extract<InputSpec, { kind: 'drawing' }>): Field {
  const { width, height } = spec;
  const pixels = new Float32Array(width * height);
  let column = width >> 1;
  let row = height >> 1;
  let focused = false;

  const node = element('div', 'param');
  const words = element('span', 'label', spec.label);
  const canvas = element('canvas', 'pad');
  const cell = Math.max(4, Math.floor(512 / Math.max(width, height)));
  canvas.width = width * cell;
  canvas.height = height * cell;
  canvas.style.setProperty('--pad-ratio', `${width} / ${height}`);
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', `${spec.label}。${zh.drawHelp}`);
  const help = element('span', 'field-note', zh.drawHelp);
  const told = announcement('visually-hidden');
  const clear = quietButton(zh.drawClear);
  node.append(words, canvas, help, told, clear);

  const context = canvas.getContext('2d');
  const paint = (): void => {
    if (!context) return;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < pixels.length; at++) {
      const ink = pixels[at] ?? 0;
      if (ink === 0) continue;
      context.fillStyle = `rgb(20 20 20 / ${ink})`;
      context.fillRect((at % width) * cell, Math.floor(at / width) * cell, cell, cell);
    }
    if (focused) {
      context.strokeStyle = '#a5391f';
      context.lineWidth = 3;
      context.strokeRect(column * cell + 1.5, row * cell + 1.5, cell - 3, cell - 3);
    }
  };

  /** Inks around a place given in cells; coarse pads get a sharp brush, fine ones a soft one. */
  const ink = (x: number, y: number): void => {
    const radius = Math.max(0.75, Math.min(width, height) / 18);
    for (let r = Math.floor(y - radius - 1); r <= y + radius + 1; r++) {
      for (let c = Math.floor(x - radius - 1); c <= x + radius + 1; c++) {
        if (c < 0 || r < 0 || c >= width || r >= height) continue;
        const distance = Math.hypot(c + 0.5 - x, r + 0.5 - y);
        const strength = Math.max(0, Math.min(1, radius + 0.5 - distance));
        const at = r * width + c;
        pixels[at] = Math.max(pixels[at] ?? 0, strength);
      }
    }
  };
  let last: { x: number; y: number } | undefined;
  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  };
  const stroke = (to: { x: number; y: number }): void => {
    const from = last ?? to;
    const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * 3));
    for (let i = 1; i <= count; i++) {
      const part = i / count;
      ink(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
    }
    last = to;
    paint();
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke(place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (last) for (const one of event.getCoalescedEvents?.() ?? [event]) stroke(place(one));
  });
  for (const type of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(type, () => (last = undefined));
  }
  watchFocus(canvas, (now) => {
    focused = now;
    paint();
  });
  canvas.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (move === undefined && event.key !== ' ') return;
    event.preventDefault();
    focused = true;
    if (move) {
      column = Math.max(0, Math.min(width - 1, column + move[0]));
      row = Math.max(0, Math.min(height - 1, row + move[1]));
    } else {
      const at = row * width + column;
      pixels[at] = (pixels[at] ?? 0) > 0.5 ? 0 : 1;
    }
    told.textContent = zh.drawCell(row + 1, column + 1, (pixels[row * width + column] ?? 0) > 0.5);
    paint();
  });
  clear.addEventListener('click', () => {
    pixels.fill(0);
    told.textContent = '';
    paint();
  });
  paint();
  return {
    node,
    read: () =>
      pixels.some((value) => value > 0)
        ? { kind: 'drawing', pixels: [...pixels] }
        : { problem: zh.drawEmpty },
  };
}
