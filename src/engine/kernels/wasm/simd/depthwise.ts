/**
 * AssemblyScript: depthwise convolution and its two gradients (NHWC, filters [kh, kw, in, m]; output channel c·m + q comes
 * from input channel c). Four channels at a time where m is 1, as it mostly is.
 */
import { shareStart } from './range';
import { madd } from './tiles';

/** y[oy, ox, c·m + q] = Σ x[iy, ix, c] · w[ky, kx, c, q] over the window. Threads share images. */
export function depthwise(
  x: usize,
  filter: usize,
  y: usize,
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
  const multiplier = outputs / inputs;
  const pixel = (<usize>inputs) << 2;
  const outPixel = (<usize>outputs) << 2;
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  let d = y + <usize>(first * outHeight * outWidth) * outPixel;
  for (let n = first; n < end; n++) {
    const source = x + <usize>(n * height * width) * pixel;
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      for (let ox = 0; ox < outWidth; ox++, d += outPixel) {
        const x0 = ox * strideX - left;
        let c: usize = 0;
        if (multiplier == 1) {
          for (; c + 16 <= pixel; c += 16) {
            let total = f32x4.splat(0);
            let w = filter + c;
            for (let ky = 0; ky < kernelHeight; ky++) {
              const iy = y0 + ky * dilationY;
              for (let kx = 0; kx < kernelWidth; kx++, w += outPixel) {
                const ix = x0 + kx * dilationX;
                if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
                const p = source + <usize>(iy * width + ix) * pixel + c;
                total = madd(v128.load(p), v128.load(w), total);
              }
            }
            v128.store(d + c, total);
          }
        }
        for (; c < pixel; c += 4) {
          for (let q: usize = 0; q < <usize>multiplier; q++) {
            const at = c * multiplier + (q << 2);
            let total: f32 = 0;
            let w = filter + at;
            for (let ky = 0; ky < kernelHeight; ky++) {
              const iy = y0 + ky * dilationY;
              for (let kx = 0; kx < kernelWidth; kx++, w += outPixel) {
                const ix = x0 + kx * dilationX;
                if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
                total += load<f32>(source + <usize>(iy * width + ix) * pixel + c) * load<f32>(w);
              }
            }
            store<f32>(d + at, total);
          }
        }
      }
    }
  }
}

/** dx[iy, ix, c] = Σ dy[oy, ox, c·m + q] · w[ky, kx, c, q] over the windows that saw the pixel. Threads share images. */
export function depthwiseInputGrad(
  dy: usize,
  filter: usize,
  dx: usize,
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
  const multiplier = outputs / inputs;
  const pixel = (<usize>inputs) << 2;
  const outPixel = (<usize>outputs) << 2;
  const imageBytes = <usize>(height * width) * pixel;
  const first = shareStart(batch, part, parts, 1);
  const end = shareStart(batch, part + 1, parts, 1);
  for (let n = first; n < end; n++) {
    const target = dx + <usize>n * imageBytes;
    memory.fill(target, 0, imageBytes);
    let d = dy + <usize>(n * outHeight * outWidth) * outPixel;
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, d += outPixel) {
        let w = filter;
        for (let ky = 0; ky < kernelHeight; ky++) {
          const iy = oy * strideY + ky * dilationY - top;
          for (let kx = 0; kx < kernelWidth; kx++, w += outPixel) {
            const ix = ox * strideX + kx * dilationX - left;
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            const p = target + <usize>(iy * width + ix) * pixel;
            let c: usize = 0;
            if (multiplier == 1) {
              for (; c + 16 <= pixel; c += 16) {
                v128.store(p + c, madd(v128.load(d + c), v128.load(w + c), v128.load(p + c)));
              }
            }
            for (; c < pixel; c += 4) {
              let total = load<f32>(p + c);
              for (let q: usize = 0; q < <usize>multiplier; q++) {
                const at = c * multiplier + (q << 2);
                total += load<f32>(d + at) * load<f32>(w + at);
              }
              store<f32>(p + c, total);
            }
          }
        }
      }
    }
  }
}

/** dw[ky, kx, c, q] = Σ x[iy, ix, c] · dy[oy, ox, c·m + q] over all images and windows. Threads share input channels. */
export function depthwiseFilterGrad(
  x: usize,
  dy: usize,
  dw: usize,
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
  const multiplier = outputs / inputs;
  const pixel = (<usize>inputs) << 2;
  const outPixel = (<usize>outputs) << 2;
  const from = (<usize>shareStart(inputs, part, parts, 4)) << 2;
  const to = (<usize>shareStart(inputs, part + 1, parts, 4)) << 2;
  for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
    memory.fill(dw + <usize>tap * outPixel + from * multiplier, 0, (to - from) * multiplier);
  }
  let d = dy;
  for (let n = 0; n < batch; n++) {
    const source = x + <usize>(n * height * width) * pixel;
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, d += outPixel) {
        let w = dw;
        for (let ky = 0; ky < kernelHeight; ky++) {
          const iy = oy * strideY + ky * dilationY - top;
          for (let kx = 0; kx < kernelWidth; kx++, w += outPixel) {
            const ix = ox * strideX + kx * dilationX - left;
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            const p = source + <usize>(iy * width + ix) * pixel;
            let c = from;
            if (multiplier == 1) {
              for (; c + 16 <= to; c += 16) {
                v128.store(w + c, madd(v128.load(p + c), v128.load(d + c), v128.load(w + c)));
              }
            }
            for (; c < to; c += 4) {
              const value = load<f32>(p + c);
              for (let q: usize = 0; q < <usize>multiplier; q++) {
                const at = c * multiplier + (q << 2);
                store<f32>(w + at, load<f32>(w + at) + value * load<f32>(d + at));
              }
            }
          }
        }
      }
    }
  }
}
