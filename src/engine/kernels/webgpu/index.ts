/** Registers our kernels for the webgpu backend and sets how it works. */
import {
  backend,
  env,
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type KernelFunc,
} from '@tensorflow/tfjs-core';
import { tune, type WebgpuBackend } from './backend.ts';
import { biasActivationGrad } from './bias-activation-grad.ts';
import { conv2DFilterGrad } from './conv2d-filter-grad.ts';
import { crossEntropies } from './cross-entropy.ts';
import { conv2D, conv2DInputGrad } from './direct-conv2d.ts';
import { gradients } from './gradients.ts';
import { lstm } from './lstm.ts';
import { fusedMatMul, matMul } from './matmul.ts';
import { reduction } from './reductions.ts';
import { segmentSum } from './segment-sum.ts';
import { softmax } from './softmax.ts';
import { updates } from './updates.ts';

const SUBMIT_AFTER = 32;
const tuned = new WeakSet();

/** Puts a kernel in the place of the published one, which it may still call. */
function replace(name: string, make: (published: KernelFunc) => KernelConfig): void {
  const published = getKernel(name, 'webgpu').kernelFunc;
  unregisterKernel(name, 'webgpu');
  registerKernel(make(published));
}

/** Call once, when the webgpu backend is in use. */
export function registerWebgpuKernels(): void {
  const instance = backend() as unknown as WebgpuBackend;
  if (!tuned.has(instance)) {
    tuned.add(instance);
    tune(instance);
  }
  // Every op runs on the device that the page names, however small it is.
  env().set('WEBGPU_CPU_FORWARD', false);
  // A step of our small models is 15 to 35 dispatches: about one submit each (the published 15 make two or three, and
  // half of the time in which such a step is recorded). Memory is given back to the pool at a submit, so that with 64
  // the convolutional network of the bench would hold twice as much.
  env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', SUBMIT_AFTER);
  const added = [...updates, ...crossEntropies, biasActivationGrad, ...gradients, ...lstm];
  for (const config of added) registerKernel(config);
  replace('Sum', (published) => reduction('Sum', published));
  replace('Conv2D', conv2D);
  replace('Conv2DBackpropInput', conv2DInputGrad);
  replace('Conv2DBackpropFilter', conv2DFilterGrad);
  replace('UnsortedSegmentSum', segmentSum);
  replace('BatchMatMul', matMul);
  replace('_FusedMatMul', fusedMatMul);
  replace('Softmax', softmax);
  replace('Mean', (published) => reduction('Mean', published));
}
