/**
 * AssemblyScript: 2-D convolution (NHWC, filters [KH, KW, IN, OUT]) and its two gradients, on tiles of 4 × 8, without
 * writing patches to memory. Where the image has to be padded, one padded image at a time lies in scratch.
 * All three take the same shape arguments; sizes in pixels and channels.
 */
import { shareStart } from './range';
import { ADD, RELU, columnTile, packPanel, putCorner, rowTile } from './tiles';

/** Copies an image [h, w, c] into a larger one of zeros, its corner at (top, left). What falls outside is left out. */
function pad(
  from: usize,
  to: usize,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  padHeight: i32,
  padWidth: i32,
): void {
  const cols = min(width, padWidth - left);
  const rows = min(height, padHeight - top);
  const pixel = (<usize>channels) << 2;
  to += (<usize>top * padWidth + left) * pixel;
  for (let y = 0; y < rows; y++) {
    memory.copy(to, from, <usize>cols * pixel);
    from += <usize>width * pixel;
    to += <usize>padWidth * pixel;
  }
}

/** The other way: cuts the image out of the padded one; what was not in the padded one becomes zero. */
function crop(
  from: usize,
  to: usize,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  padHeight: i32,
  padWidth: i32,
): void {
  const cols = min(width, padWidth - left);
  const rows = min(height, padHeight - top);
  const pixel = (<usize>channels) << 2;
  if (cols < width || rows < height) memory.fill(to, 0, <usize>height * width * pixel);
  from += (<usize>top * padWidth + left) * pixel;
  for (let y = 0; y < rows; y++) {
    memory.copy(to, from, <usize>cols * pixel);
    from += <usize>padWidth * pixel;
    to += <usize>width * pixel;
  }
}

/**
 * out = x ∗ w (+ bias), then relu if `relu` is 1. x [batch, h, w, in], out [batch, outH, outW, out].
 * scratch per thread: panels of the filter (⌈out/8⌉·8·kh·kw·in floats), one tile (32), one padded image.
 */
export function conv(
  x: usize,
  filter: usize,
  bias: usize,
  out: usize,
  scratch: usize,
  scratchBytes: i32,
  batch: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  top: i32,
  left: i32,
  relu: i32,
  part: i32,
  parts: i32,
): void {
  const padHeight = (outHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1;
  const padWidth = (outWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1;
  const padded = top > 0 || left > 0 || padHeight > height || padWidth > width;
  const depth = kernelHeight * kernelWidth * inputs;
  const panelBytes = (<usize>depth) << 5;
  const panelCount = (outputs + 7) >> 3;
  const tile = scratch + part * scratchBytes;
  const panels = tile + 128;
  const image = panels + panelCount * panelBytes;
  const rowWidth = padded ? padWidth : width;
  const pixel = (<usize>inputs) << 2;
  const rowBytes = <usize>rowWidth * pixel;
  const outPixel = (<usize>outputs) << 2;
  // Side by side in memory: a row of the window is one run, unless dilated.
  const whole = dilationX == 1;
  const inner = whole ? 1 : kernelWidth;
  const run = whole ? kernelWidth * inputs : inputs;
  const innerStep = <usize>dilationX * pixel;
  const outerStep = <usize>dilationY * rowBytes;
  const points = outHeight * outWidth;
  const then = relu ? RELU : 0;
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  if (first == end) return;
  for (let j = 0; j < panelCount; j++) {
    const cols = min(8, outputs - (j << 3));
    packPanel(filter + (j << 5), outPixel, 4, depth, cols, panels + j * panelBytes);
  }
  if (padded) memory.fill(image, 0, <usize>padHeight * rowBytes);
  for (let n = first; n < end; n++) {
    let source = x + <usize>(n * height * width) * pixel;
    if (padded) {
      pad(source, image, height, width, inputs, top, left, padHeight, padWidth);
      source = image;
    }
    const target = out + <usize>(n * points) * outPixel;
    for (let j = 0; j < panelCount; j++) {
      const cols = min(8, outputs - (j << 3));
      const panel = panels + j * panelBytes;
      const begin: usize = bias ? bias + (j << 5) : 0;
      let c0 = target + (j << 5);
      let oy = 0;
      let ox = 0;
      for (let p = 0; p < points; p += 4) {
        const rows = min(4, points - p);
        const a0 = source + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
        if (++ox == outWidth) {
          ox = 0;
          oy++;
        }
        let a1 = a0;
        let a2 = a0;
        let a3 = a0;
        if (rows > 1) {
          a1 = source + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
        }
        if (rows > 2) {
          a2 = source + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
        }
        if (rows > 3) {
          a3 = source + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
        }
        const c1 = c0 + outPixel;
        const c2 = c1 + outPixel;
        const c3 = c2 + outPixel;
        const full = rows == 4 && cols == 8;
        rowTile(
          a0,
          a1,
          a2,
          a3,
          kernelHeight,
          outerStep,
          inner,
          innerStep,
          run,
          panel,
          32,
          full ? c0 : tile,
          full ? c1 : tile + 32,
          full ? c2 : tile + 64,
          full ? c3 : tile + 96,
          begin,
          full ? then : 0,
        );
        if (!full) putCorner(tile, rows, cols, c0, c1, c2, c3, then);
        c0 = c3 + outPixel;
      }
    }
  }
}

/**
 * dx = dout ∗ wᵀ: every point of dout adds its row times the filter to the window that it came from.
 * scratch per thread: the turned filter (kh·kw·⌈in/8⌉·8·out floats), one tile (32), one padded image.
 */
export function convInputGrad(
  dout: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
  scratchBytes: i32,
  batch: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  top: i32,
  left: i32,
  part: i32,
  parts: i32,
): void {
  const padHeight = (outHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1;
  const padWidth = (outWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1;
  const padded = top > 0 || left > 0 || padHeight > height || padWidth > width;
  const taps = kernelHeight * kernelWidth;
  const panelBytes = (<usize>outputs) << 5;
  const panelCount = (inputs + 7) >> 3;
  const tile = scratch + part * scratchBytes;
  const panels = tile + 128;
  const image = panels + <usize>taps * panelCount * panelBytes;
  const pixel = (<usize>inputs) << 2;
  const rowBytes = <usize>(padded ? padWidth : width) * pixel;
  const outPixel = (<usize>outputs) << 2;
  const points = outHeight * outWidth;
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  if (first == end) return;
  for (let tap = 0; tap < taps; tap++) {
    for (let j = 0; j < panelCount; j++) {
      const from = filter + (<usize>tap * inputs + (j << 3)) * outPixel;
      const to = panels + <usize>(tap * panelCount + j) * panelBytes;
      packPanel(from, 4, outPixel, outputs, min(8, inputs - (j << 3)), to);
    }
  }
  const imageBytes = <usize>(padded ? padHeight : height) * rowBytes;
  for (let n = first; n < end; n++) {
    const source = dout + <usize>(n * points) * outPixel;
    const result = dx + <usize>(n * height * width) * pixel;
    const target = padded ? image : result;
    memory.fill(target, 0, imageBytes);
    for (let tap = 0; tap < taps; tap++) {
      const ky = tap / kernelWidth;
      const kx = tap - ky * kernelWidth;
      const corner = target + <usize>(ky * dilationY) * rowBytes + <usize>(kx * dilationX) * pixel;
      for (let j = 0; j < panelCount; j++) {
        const cols = min(8, inputs - (j << 3));
        const panel = panels + <usize>(tap * panelCount + j) * panelBytes;
        const begin = corner + (j << 5);
        let a0 = source;
        let oy = 0;
        let ox = 0;
        for (let p = 0; p < points; p += 4) {
          const rows = min(4, points - p);
          const c0 = begin + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
          const c1 = begin + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
          const c2 = begin + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
          const c3 = begin + <usize>(oy * strideY) * rowBytes + <usize>(ox * strideX) * pixel;
          if (++ox == outWidth) {
            ox = 0;
            oy++;
          }
          const a1 = rows > 1 ? a0 + outPixel : a0;
          const a2 = rows > 2 ? a1 + outPixel : a0;
          const a3 = rows > 3 ? a2 + outPixel : a0;
          const full = rows == 4 && cols == 8;
          rowTile(
            a0,
            a1,
            a2,
            a3,
            1,
            0,
            1,
            0,
            outputs,
            panel,
            32,
            full ? c0 : tile,
            full ? c1 : tile + 32,
            full ? c2 : tile + 64,
            full ? c3 : tile + 96,
            0,
            full ? ADD : 0,
          );
          if (!full) putCorner(tile, rows, cols, c0, c1, c2, c3, ADD);
          a0 = a3 + outPixel;
        }
      }
    }
    if (padded) crop(image, result, height, width, inputs, top, left, padHeight, padWidth);
  }
}

/**
 * dw = xᵀ ∗ dout: for every tap, the product of the image rows that it saw and dout, over all points.
 * Takes `group` images at a time. scratch per thread: one tile (32), a panel of dout (group·points·8 floats), `group`
 * padded images. Threads share the tiles of dw, so that the sums come in the same order however many there are.
 */
export function convFilterGrad(
  x: usize,
  dout: usize,
  dw: usize,
  scratch: usize,
  scratchBytes: i32,
  group: i32,
  batch: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  top: i32,
  left: i32,
  part: i32,
  parts: i32,
): void {
  const padHeight = (outHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1;
  const padWidth = (outWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1;
  const padded = top > 0 || left > 0 || padHeight > height || padWidth > width;
  const points = outHeight * outWidth;
  const pixel = (<usize>inputs) << 2;
  const rowBytes = <usize>(padded ? padWidth : width) * pixel;
  const imageBytes = <usize>(padded ? padHeight : height) * rowBytes;
  const outPixel = (<usize>outputs) << 2;
  const tile = scratch + part * scratchBytes;
  const panel = tile + 128;
  const images = panel + ((<usize>(group * points)) << 5);
  const whole = dilationX == 1;
  const run = whole ? kernelWidth * inputs : inputs;
  const runs = whole ? kernelHeight : kernelHeight * kernelWidth;
  const tilesPerRun = (run + 3) >> 2;
  const tilesPerPanel = runs * tilesPerRun;
  const tasks = ((outputs + 7) >> 3) * tilesPerPanel;
  const first = shareStart(tasks, part, parts, 1);
  const end = shareStart(tasks, part + 1, parts, 1);
  if (first == end) return;
  if (padded) memory.fill(images, 0, <usize>group * imageBytes);
  for (let n = 0; n < batch; n += group) {
    const count = min(group, batch - n);
    let source = x + <usize>(n * height * width) * pixel;
    if (padded) {
      for (let i = 0; i < count; i++) {
        const to = images + i * imageBytes;
        pad(source, to, height, width, inputs, top, left, padHeight, padWidth);
        source += <usize>(height * width) * pixel;
      }
      source = images;
    }
    const then = n == 0 ? 0 : ADD;
    let packed = -1;
    for (let task = first; task < end; task++) {
      const j = task / tilesPerPanel;
      const cols = min(8, outputs - (j << 3));
      if (j != packed) {
        const from = dout + <usize>(n * points) * outPixel + (j << 5);
        packPanel(from, outPixel, 4, count * points, cols, panel);
        packed = j;
      }
      const at = task - j * tilesPerPanel;
      const stretch = at / tilesPerRun;
      const row = (at - stretch * tilesPerRun) << 2;
      const rows = min(4, run - row);
      const ky = whole ? stretch : stretch / kernelWidth;
      const kx = whole ? 0 : stretch - ky * kernelWidth;
      const a =
        source + <usize>(ky * dilationY) * rowBytes + <usize>(kx * dilationX) * pixel + (row << 2);
      const c0 = dw + <usize>(stretch * run + row) * outPixel + (j << 5);
      const c1 = c0 + outPixel;
      const c2 = c1 + outPixel;
      const c3 = c2 + outPixel;
      const full = rows == 4 && cols == 8;
      columnTile(
        a,
        count,
        imageBytes,
        outHeight,
        <usize>strideY * rowBytes,
        outWidth,
        <usize>strideX * pixel,
        panel,
        32,
        full ? c0 : tile,
        full ? c1 : tile + 32,
        full ? c2 : tile + 64,
        full ? c3 : tile + 96,
        0,
        full ? then : 0,
      );
      if (!full) putCorner(tile, rows, cols, c0, c1, c2, c3, then);
    }
  }
}
