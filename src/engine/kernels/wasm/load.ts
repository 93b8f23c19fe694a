/** Fetches our SIMD module in the variant that fits this browser, and registers the kernels. Knows no kernel. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { registerWasmKernels } from './index.ts';
import { threadCount } from './shared-heap.ts';
import { sharesMemory, simdOf } from './simd.ts';
import plainUrl from './simd/plain.wasm?url';
import relaxedUrl from './simd/relaxed.wasm?url';
import sharedRelaxedUrl from './simd/shared-relaxed.wasm?url';
import sharedUrl from './simd/shared.wasm?url';

/** A module of one function that uses f32x4.relaxed_madd. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 1],
  ...[253, 15, 65, 2, 253, 15, 65, 3, 253, 15, 253, 133, 2, 11],
);

/** Registers our kernels for the backend in use, and hires threads where its memory is shared. */
export async function loadWasmKernels(): Promise<void> {
  const backend = tf.backend() as BackendWasm;
  const shared = sharesMemory(backend);
  const relaxed = WebAssembly.validate(RELAXED_PROBE);
  const plain = relaxed ? relaxedUrl : plainUrl;
  const response = await fetch(shared ? (relaxed ? sharedRelaxedUrl : sharedUrl) : plain);
  const module = await WebAssembly.compile(await response.arrayBuffer());
  registerWasmKernels(module);
  if (!shared) return;
  simdOf(backend).hire(
    threadCount(),
    () => new Worker(new URL('./crew-worker.ts', import.meta.url), { type: 'module' }),
  );
}
