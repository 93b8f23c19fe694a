/** Losses with their gradients in plain JavaScript. Formulas: fused/contracts.ts. */
import { floats, register } from './values.ts';

export function registerCrossEntropy(): void {
  register('SoftmaxCrossEntropy', ({ logits, labels }, { scale }, backend) => {
    const [n, c] = logits.shape as [number, number];
    const [x, z] = [floats(backend, logits), floats(backend, labels)];
    const loss = new Float32Array(n);
    const gradient = new Float32Array(n * c);
    for (let row = 0, from = 0; row < n; row++, from += c) {
      let max = -Infinity;
      for (let i = from; i < from + c; i++) if (!(x[i]! <= max)) max = x[i]!;
      let sum = 0;
      let mass = 0;
      for (let i = from; i < from + c; i++) {
        const e = Math.exp(x[i]! - max);
        gradient[i] = e;
        sum += e;
        mass += z[i]!;
      }
      const log = Math.log(sum) + max;
      let cost = 0;
      for (let i = from; i < from + c; i++) {
        cost -= (x[i]! - log) * z[i]!;
        gradient[i] = scale * ((gradient[i]! / sum) * mass - z[i]!);
      }
      loss[row] = cost;
    }
    return [
      backend.makeTensorInfo([n], 'float32', loss),
      backend.makeTensorInfo([n, c], 'float32', gradient),
    ];
  });

  register('SigmoidCrossEntropy', ({ logits, labels }, { scale }, backend) => {
    const [x, z] = [floats(backend, logits), floats(backend, labels)];
    const loss = new Float32Array(x.length);
    const gradient = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) {
      const e = Math.exp(-Math.abs(x[i]!));
      loss[i] = (x[i]! > 0 ? x[i]! : 0) - x[i]! * z[i]! + Math.log1p(e);
      gradient[i] = scale * ((x[i]! >= 0 ? 1 : e) / (1 + e) - z[i]!);
    }
    return [
      backend.makeTensorInfo(logits.shape, 'float32', loss),
      backend.makeTensorInfo(logits.shape, 'float32', gradient),
    ];
  });
}
