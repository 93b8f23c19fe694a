/** The WASM backend in Node with our kernels, for the tests that compare them with the CPU backend. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { compileSimd } from '../../src/engine/kernels/wasm/compile-simd.ts';
import { registerWasmKernels } from '../../src/engine/kernels/wasm/index.ts';

let registered = false;

/** Makes `wasm` the backend in use. Node has no threads here: plain memory. */
export async function startWasm() {
  await tf.setBackend('wasm');
  await tf.ready();
  if (registered) return;
  registered = true;
  registerWasmKernels(new WebAssembly.Module(readFileSync(await compileSimd('plain'))));
}
