/** The optimizers' updates in plain JavaScript: the reference of the other backends. Formulas: fused/contracts.ts. */
import { floats, register, replace } from './values.ts';

const { sqrt } = Math;

export function registerUpdates(): void {
  register('SgdUpdate', ({ variable, gradient }, { learningRate }, backend) => {
    const [w, g] = [floats(backend, variable), floats(backend, gradient)];
    const next = new Float32Array(w.length);
    for (let i = 0; i < w.length; i++) next[i] = w[i]! - learningRate * g[i]!;
    replace(backend, variable, next);
    return [];
  });

  register('MomentumUpdate', ({ variable, gradient, accumulation }, attrs, backend) => {
    const { learningRate, momentum, useNesterov } = attrs;
    const [w, g] = [floats(backend, variable), floats(backend, gradient)];
    const a = floats(backend, accumulation).slice();
    const next = new Float32Array(w.length);
    for (let i = 0; i < w.length; i++) {
      a[i] = momentum * a[i]! + g[i]!;
      next[i] = w[i]! - learningRate * (useNesterov ? g[i]! + momentum * a[i]! : a[i]!);
    }
    replace(backend, variable, next);
    replace(backend, accumulation, a);
    return [];
  });

  register('AdagradUpdate', ({ variable, gradient, accumulatedGrad }, attrs, backend) => {
    const { learningRate, epsilon } = attrs;
    const [w, g] = [floats(backend, variable), floats(backend, gradient)];
    const a = floats(backend, accumulatedGrad).slice();
    const next = new Float32Array(w.length);
    for (let i = 0; i < w.length; i++) {
      a[i] = a[i]! + g[i]! * g[i]!;
      next[i] = w[i]! - (learningRate * g[i]!) / sqrt(a[i]! + epsilon);
    }
    replace(backend, variable, next);
    replace(backend, accumulatedGrad, a);
    return [];
  });

  register('RmspropUpdate', (inputs, attrs, backend) => {
    const { variable, gradient, meanSquare, moment, meanGradient } = inputs;
    const { learningRate, decay, momentum, epsilon } = attrs;
    const [w, g] = [floats(backend, variable), floats(backend, gradient)];
    const s = floats(backend, meanSquare).slice();
    const m = floats(backend, moment).slice();
    const a = meanGradient && floats(backend, meanGradient).slice();
    const next = new Float32Array(w.length);
    for (let i = 0; i < w.length; i++) {
      const gi = g[i]!;
      s[i] = decay * s[i]! + (1 - decay) * gi * gi;
      let root = s[i]! + epsilon;
      if (a) {
        a[i] = decay * a[i]! + (1 - decay) * gi;
        root = s[i]! - (a[i]! * a[i]! + epsilon);
      }
      m[i] = momentum * m[i]! + (learningRate * gi) / sqrt(root);
      next[i] = w[i]! - m[i]!;
    }
    replace(backend, variable, next);
    replace(backend, meanSquare, s);
    replace(backend, moment, m);
    if (meanGradient && a) replace(backend, meanGradient, a);
    return [];
  });

  register('AdamUpdate', ({ variable, gradient, firstMoment, secondMoment }, attrs, backend) => {
    const { learningRate, beta1, beta2, epsilon, correction1, correction2 } = attrs;
    const [w, g] = [floats(backend, variable), floats(backend, gradient)];
    const m = floats(backend, firstMoment).slice();
    const v = floats(backend, secondMoment).slice();
    const next = new Float32Array(w.length);
    for (let i = 0; i < w.length; i++) {
      m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
      v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
      next[i] =
        w[i]! - (learningRate * (m[i]! / correction1)) / (sqrt(v[i]! / correction2) + epsilon);
    }
    replace(backend, variable, next);
    replace(backend, firstMoment, m);
    replace(backend, secondMoment, v);
    return [];
  });
}
