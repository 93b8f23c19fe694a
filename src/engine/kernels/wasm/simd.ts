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
 *    `simd.output(shape)` for a fresh float32 tensor, `simd.scratch(bytes, (address) => …)` for memory that lasts until the
 *    callback returns, `simd.run('myKernel', address, n)` to call it on this thread,
 *    `simd.share(simd.parts(cost), 'myKernel', address, n)` to call it in parts on all threads, where `cost` is about the
 *    number of multiplications: too little work is one part. Scratch of which each part needs its own is asked for times
 *    the parts.
 * 3. index.ts: one line, `MyKernel: myKernel`. Tests in Node: `startWasm()` of tests/unit/wasm-backend.ts.
 * The heap may grow whenever memory is asked for (`output`, `scratch`): addresses stay good, typed arrays on the heap do
 * not, so take `simd.floats(address, length)` after the last allocation and do not keep it.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Board, BOARD_BYTES, kernelsOf, type CrewStart } from './crew.ts';

type Kernel = (...args: number[]) => void;

/** Work below this is done sooner than another thread has heard of it. */
const WORTH_SHARING = 200_000;
/** Parts a thread: more than one, so that a thread that was held up leaves its rest to the others. */
const PARTS_EACH = 3;

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

/** Whether this is the threaded build, whose memory other workers can see too. */
export const sharesMemory = ({ wasm }: BackendWasm): boolean =>
  (wasm as unknown as Heap).wasmMemory !== undefined;

/** Our functions on the heap of one backend. */
export class Simd {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #module: WebAssembly.Module;
  readonly #kernels: ReadonlyMap<string, Kernel>;
  readonly #numbers: ReadonlyMap<string, number>;
  #board: Board | undefined;
  #threads = 1;

  constructor(backend: BackendWasm, module: WebAssembly.Module) {
    this.backend = backend;
    this.#heap = backend.wasm as unknown as Heap;
    const memory = sharesMemory(backend) ? this.#heap.wasmMemory : this.#heap.asm?.memory;
    if (!memory) throw new Error('The WASM backend shows no memory.');
    this.memory = memory;
    this.#module = module;
    this.#kernels = kernelsOf(new WebAssembly.Instance(module, { env: { memory } }));
    this.#numbers = new Map([...this.#kernels.keys()].map((name, number) => [name, number]));
  }

  /** Puts `threads` − 1 workers beside this one. Only on shared memory; each of `makeWorker` runs crew-worker.ts. */
  hire(threads: number, makeWorker: () => Worker): void {
    if (threads < 2) return;
    const board = this.#heap._malloc(BOARD_BYTES) >>> 0;
    new Uint8Array(this.memory.buffer, board, BOARD_BYTES).fill(0);
    this.#board = new Board(this.memory, board, [...this.#kernels.values()]);
    this.#board.close();
    this.#threads = threads;
    const start: CrewStart = { module: this.#module, memory: this.memory, board };
    for (let i = 1; i < threads; i++) makeWorker().postMessage(start);
  }

  /** How many parts a call of this cost is best cut into. `each`: at most, per thread. */
  parts(cost: number, each = PARTS_EACH): number {
    if (!this.#board || cost < WORTH_SHARING) return 1;
    return this.#threads * each;
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

  /** Calls a function of simd/ on this thread; `part, parts` are added. @throws Error for a name or a count that is wrong. */
  run(name: string, ...args: number[]): void {
    this.#kernel(name, args)(...args, 0, 1);
  }

  /** Calls a function of simd/ in `parts` parts on all threads, and returns when all are done. @throws Error as above. */
  share(parts: number, name: string, ...args: number[]): void {
    const kernel = this.#kernel(name, args);
    if (!this.#board || parts === 1) kernel(...args, 0, 1);
    else {
      this.#board.put(this.#numbers.get(name)!, args, parts);
      this.#board.work();
      this.#board.finish();
    }
  }

  #kernel(name: string, args: readonly number[]): Kernel {
    const kernel = this.#kernels.get(name);
    if (kernel?.length !== args.length + 2) {
      throw new Error(`No SIMD function ${name} with ${args.length} + 2 arguments.`);
    }
    return kernel;
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
