/** Puts the leaner engine, the gradients, optimizers and losses into TensorFlow.js. Knows no backend. */
import { registerGradient } from '@tensorflow/tfjs-core';
import { einsumGradient } from './einsum.ts';
import { installEngine } from './engine.ts';
import { installGradients } from './gradients.ts';
import { installLosses } from './losses.ts';
import { installOptimizers } from './optimizers.ts';

/**
 * Changes core in place, so that core, layers and examples all get them under the stock names. Call once, before the
 * first tensor.
 */
export function installFused(): void {
  installEngine();
  installGradients();
  installOptimizers();
  installLosses();
  registerGradient(einsumGradient);
}
