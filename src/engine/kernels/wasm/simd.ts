/**
 * The door to our SIMD module: AssemblyScript functions (simd/*.ts) that work in place on the memory of the
 * TensorFlow.js WASM backend. Knows no kernel.
 *
 * To add a kernel:
 * 1. simd/my-kernel.ts (AssemblyScript): `export function myKernel(x: usize, n: i32, part: i32, parts: i32): void`.
 *    Arguments are heap addresses and numbers; the last two say which share of the work this call does (see
 *    simd/range.ts): shares run at once on several threads and must write different places. No allocation, no globals,
 *    no strings. Add `export * from './my-kernel';` to simd/index.ts.
 * 2. my-kernel.ts: `export const myKernel: WasmKernel = (simd, { inputs, attrs }) => { … }`: `simd.address(tensor)`,
 *    `simd.output(shape)` for a fresh float32 tensor, `simd.run('myKernel', address, n)` to call it on every thread,
 *    `simd.scratch(bytes, (address) => …)` for memory that lasts until the callback returns.
 * 3. index.ts: one line, `MyKernel: myKernel`. Tests in Node: `startWasm()` of tests/unit/wasm-backend.ts.
 * The heap may grow whenever memory is asked for (`output`, `scratch`): addresses stay good, typed arrays on the heap do
 * not, so take `simd.floats(address, length)` after the last allocation and do not keep it.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Kernel = (...args: number[]) => void;

/** The parts of Emscripten's module that the backend keeps to itself: the versions are pinned, a test holds them. */
interface Heap {
  readonly HEAPU8: Uint8Array;
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly wasmMemory?: WebAssembly.Memory;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

export interface WasmKernelArgs {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly attrs: tf.NamedAttrMap;
  /** What TensorFlow.js itself registered under this name, for the cases that ours leaves to it. */
  readonly stock: () => tf.TensorInfo | tf.TensorInfo[];
}
export type WasmKernel = (simd: Simd, args: WasmKernelArgs) => tf.TensorInfo | tf.TensorInfo[];

/** Our functions on the heap of one backend. */
export class Simd {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #kernels: Readonly<Record<string, Kernel>>;

  constructor(backend: BackendWasm, module: WebAssembly.Module) {
    this.backend = backend;
    this.#heap = backend.wasm as unknown as Heap;
    const memory = this.#heap.wasmMemory ?? this.#heap.asm?.memory;
    if (!memory) throw new Error('The WASM backend shows no memory.');
    this.memory = memory;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#kernels = exports as Record<string, Kernel>;
  }

  /** Where a tensor's values begin on the heap, in bytes. */
  address({ dataId }: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** A fresh tensor; what it holds is undefined. */
  output(shape: readonly number[], dtype: tf.DataType = 'float32'): tf.TensorInfo {
    return this.backend.makeOutput([...shape], dtype);
  }

  /** The tensor's values in another shape: no copy. Counts as one more user of the data. */
  view({ dataId, dtype }: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
    this.backend.incRef(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /**
   * To be called when a kernel wrote into a tensor that exists already: XNNPACK keeps its own copy of weights (of
   * depthwise convolutions, prelu and whatever else stock kernels compute) for as long as their tensor is registered.
   */
  changed(tensor: tf.TensorInfo): void {
    const { id, memoryOffset } = this.backend.dataIdMap.get(tensor.dataId);
    const { tfjs } = this.backend.wasm;
    tfjs.disposeData(id);
    tfjs.registerTensor(id, tf.util.sizeFromShape(tensor.shape), memoryOffset);
  }

  /** Lends `bytes` of the heap until `use` returns. */
  scratch<T>(bytes: number, use: (address: number) => T): T {
    const address = this.#heap._malloc(bytes) >>> 0;
    if (address === 0) throw new Error(`The WASM heap has no ${bytes} bytes left.`);
    try {
      return use(address);
    } finally {
      this.#heap._free(address);
    }
  }

  /** Values on the heap; good until memory is next asked for. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  ints(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  /** Calls a function of simd/ on all threads; `part, parts` are added. @throws Error for a name or a count that is wrong. */
  run(name: string, ...args: number[]): void {
    const kernel = this.#kernels[name];
    if (kernel?.length !== args.length + 2) {
      throw new Error(`No SIMD function ${name} with ${args.length} + 2 arguments.`);
    }
    kernel(...args, 0, 1);
  }
}

let module: WebAssembly.Module | undefined;
const instances = new WeakMap<BackendWasm, Simd>();

/** The functions on this backend's heap; made at their first use, again for a backend that was started anew. */
export function simdOf(backend: BackendWasm): Simd {
  let simd = instances.get(backend);
  if (!simd) {
    if (!module) throw new Error('The SIMD module is not loaded.');
    simd = new Simd(backend, module);
    instances.set(backend, simd);
  }
  return simd;
}

/** Puts our kernels in place of those of the same names. Call once, before the first kernel runs. */
export function registerSimdKernels(
  compiled: WebAssembly.Module,
  kernels: Readonly<Record<string, WasmKernel>>,
): void {
  module = compiled;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | null;
    if (stock) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      ...stock,
      kernelName,
      backendName: 'wasm',
      kernelFunc: (params) =>
        kernel(simdOf(params.backend as BackendWasm), {
          inputs: params.inputs,
          attrs: params.attrs ?? {},
          stock: () => {
            if (!stock) throw new Error(`The WASM backend has no ${kernelName} for this case.`);
            return stock.kernelFunc(params);
          },
        }),
    });
  }
}
