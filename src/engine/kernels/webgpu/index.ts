/** Registers our kernels for the webgpu backend and sets how it works. */
import { backend, env, registerKernel } from '@tensorflow/tfjs-core';
import { tune, type WebgpuBackend } from './backend.ts';
import { biasActivationGrad } from './bias-activation-grad.ts';
import { crossEntropies } from './cross-entropy.ts';
import { updates } from './updates.ts';

const tuned = new WeakSet();

/** Call once, when the webgpu backend is in use. */
export function registerWebgpuKernels(): void {
  const instance = backend() as unknown as WebgpuBackend;
  if (!tuned.has(instance)) {
    tuned.add(instance);
    tune(instance);
  }
  // Every op runs on the device that the page names, however small it is.
  env().set('WEBGPU_CPU_FORWARD', false);
  for (const config of [...updates, ...crossEntropies, biasActivationGrad]) registerKernel(config);
}
