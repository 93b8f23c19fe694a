/** The gradient of `tf.einsum`, which core has on no backend: each operand's is an einsum too. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * For `A,B->R`, ∂A = einsum(`R,B->A`); letters that A alone has were summed, so along them the gradient repeats.
 * On every backend.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const [terms, result] = (attrs as { equation: string }).equation
      .replace(/\s/g, '')
      .split('->') as [string, string];
    const operands = terms.split(',');
    return Object.fromEntries(
      operands.map((letters, at) => {
        const gradient = (): tf.Tensor => {
          const others = saved.filter((_, other) => other !== at);
          const around = [result, ...operands.filter((_, other) => other !== at)];
          const known = [...letters].filter((letter) => around.some((s) => s.includes(letter)));
          const equation = `${around.join(',')}->${known.join('')}`;
          const same = around.join(',') === known.join('');
          const part = same ? (dy as tf.Tensor) : tf.einsum(equation, dy as tf.Tensor, ...others);
          const { shape } = saved[at]!;
          const withOnes = [...letters].map((letter, axis) =>
            known.includes(letter) ? shape[axis]! : 1,
          );
          return tf.broadcastTo(tf.reshape(part, withOnes), shape);
        };
        return [at, gradient];
      }),
    );
  },
};
