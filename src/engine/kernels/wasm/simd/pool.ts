/** AssemblyScript: gradients of pooling (NHWC), four channels at a time. Threads share images. */
import { shareStart } from './range';

/**
 * The dy of a window goes to its first largest element. x, dx [batch, h, w, c]; y, dy [batch, outH, outW, c], where y is
 * the pooled x.
 */
export function maxPoolGrad(
  dy: usize,
  x: usize,
  y: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  windowHeight: i32,
  windowWidth: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  part: i32,
  parts: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixel;
  const imageBytes = <usize>height * rowBytes;
  // Windows that tile the whole image write every element once.
  const tiled =
    windowHeight == strideY &&
    windowWidth == strideX &&
    top == 0 &&
    left == 0 &&
    outHeight * strideY == height &&
    outWidth * strideX == width;
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  for (let n = first; n < end; n++) {
    const source = x + <usize>n * imageBytes;
    const target = dx + <usize>n * imageBytes;
    if (!tiled) memory.fill(target, 0, imageBytes);
    let at = <usize>(n * outHeight * outWidth) * pixel;
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const yEnd = min(y0 + windowHeight, height);
      const yStart = max(y0, 0);
      for (let ox = 0; ox < outWidth; ox++, at += pixel) {
        const x0 = ox * strideX - left;
        const xEnd = min(x0 + windowWidth, width);
        const xStart = max(x0, 0);
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) {
          const top4 = v128.load(y + at + c);
          const dy4 = v128.load(dy + at + c);
          let open = i32x4.splat(-1);
          for (let iy = yStart; iy < yEnd; iy++) {
            let p = <usize>iy * rowBytes + <usize>xStart * pixel + c;
            for (let ix = xStart; ix < xEnd; ix++, p += pixel) {
              const hit = v128.and(open, f32x4.eq(v128.load(source + p), top4));
              open = v128.andnot(open, hit);
              const share = v128.and(dy4, hit);
              if (tiled) v128.store(target + p, share);
              else v128.store(target + p, f32x4.add(v128.load(target + p), share));
            }
          }
        }
        for (; c < pixel; c += 4) {
          const largest = load<f32>(y + at + c);
          let open = true;
          for (let iy = yStart; iy < yEnd; iy++) {
            let p = <usize>iy * rowBytes + <usize>xStart * pixel + c;
            for (let ix = xStart; ix < xEnd; ix++, p += pixel) {
              const hit = open && load<f32>(source + p) == largest;
              if (hit) open = false;
              const before: f32 = tiled ? 0 : load<f32>(target + p);
              store<f32>(target + p, before + (hit ? load<f32>(dy + at + c) : 0));
            }
          }
        }
      }
    }
  }
}

/** dx = dy · scale, spread over each window (stock divides by the whole window even where it hangs over the edge). */
export function avgPoolGrad(
  dy: usize,
  dx: usize,
  scale: f32,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  windowHeight: i32,
  windowWidth: i32,
  strideY: i32,
  strideX: i32,
  top: i32,
  left: i32,
  part: i32,
  parts: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixel;
  const imageBytes = <usize>height * rowBytes;
  const scale4 = f32x4.splat(scale);
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  for (let n = first; n < end; n++) {
    const target = dx + <usize>n * imageBytes;
    memory.fill(target, 0, imageBytes);
    let at = dy + <usize>(n * outHeight * outWidth) * pixel;
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const yEnd = min(y0 + windowHeight, height);
      const yStart = max(y0, 0);
      for (let ox = 0; ox < outWidth; ox++, at += pixel) {
        const x0 = ox * strideX - left;
        const xEnd = min(x0 + windowWidth, width);
        const xStart = max(x0, 0);
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) {
          const share = f32x4.mul(v128.load(at + c), scale4);
          for (let iy = yStart; iy < yEnd; iy++) {
            let p = target + <usize>iy * rowBytes + <usize>xStart * pixel + c;
            for (let ix = xStart; ix < xEnd; ix++, p += pixel) {
              v128.store(p, f32x4.add(v128.load(p), share));
            }
          }
        }
        for (; c < pixel; c += 4) {
          const share = load<f32>(at + c) * scale;
          for (let iy = yStart; iy < yEnd; iy++) {
            let p = target + <usize>iy * rowBytes + <usize>xStart * pixel + c;
            for (let ix = xStart; ix < xEnd; ix++, p += pixel) {
              store<f32>(p, load<f32>(p) + share);
            }
          }
        }
      }
    }
  }
}
