/** Puts the fused optimizers and losses into TensorFlow.js under its own names. Knows no backend. */
import { registerGradient } from '@tensorflow/tfjs-core';
import { einsumGradient } from './einsum.ts';
import { installLosses } from './losses.ts';
import { installOptimizers } from './optimizers.ts';

/** Changes `train` and `losses` of core in place, so that core, layers and examples all get them. */
export function installFused(): void {
  installOptimizers();
  installLosses();
  registerGradient(einsumGradient);
}
