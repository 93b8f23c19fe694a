/** Registers our kernels for the webgl backend. */
import { backend, registerKernel } from '@tensorflow/tfjs-core';
import { tune, type WebglBackend } from './backend.ts';
import { gradients } from './gradients.ts';
import { updates } from './updates.ts';

/** Call once, when the webgl backend is in use. */
export function registerWebglKernels(): void {
  tune(backend() as unknown as WebglBackend);
  for (const config of [...updates(), ...gradients]) registerKernel(config);
}
