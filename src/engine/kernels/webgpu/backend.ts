/**
 * What our kernels use of TensorFlow.js's WebGPU backend, most of it private, and the three habits of it that are
 * changed. Knows no kernel. Pinned to version 4.22.0 and held by tests/e2e/webgpu.spec.ts.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

interface TensorData {
  values: ArrayLike<number> | null;
  dtype: DataType;
  readonly shape: number[];
  readonly refCount: number;
  resource: GPUBuffer | null | undefined;
}
export interface ProgramUniform {
  readonly type: string;
  readonly data: number[];
}

export interface WebgpuBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
  };
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  /** Data that commands not yet submitted use: not given back to the pool before they are. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
  dispatchCountInPass: number;
  makeTensorInfo(shape: readonly number[], dtype: DataType): TensorInfo;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
  uploadToGPU(dataId: object): void;
  makeUniforms(uniforms: ProgramUniform[]): GPUBufferBinding;
  convertAndCacheOnCPU(dataId: object, data: ArrayLike<number>): ArrayLike<number>;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** Whether the processor plays GPU: barriers between threads then cost more than what tiles save. */
export const onProcessor = ({ device }: WebgpuBackend): boolean =>
  // Older browsers say nothing of a device's adapter.
  (device.adapterInfo as GPUAdapterInfo | undefined)?.isFallbackAdapter === true;

/** Data that our kernels overwrite: what was read of it is never kept as its value. */
const overwritten = new WeakSet();

/** Says that a kernel is about to write into existing data. */
export function overwrite(backend: WebgpuBackend, dataId: object): void {
  overwritten.add(dataId);
  backend.tensorMap.get(dataId).values = null;
}

/** Uniform buffers kept for later: shapes come back every step. About 0.1 kB each. */
const KEPT_UNIFORMS = 2048;

/**
 * Changes three habits of a backend, without changing any result:
 * - a value that was read is not kept for data that kernels overwrite: a read begun before a step and ended after it
 *   would be taken for the new value;
 * - values from JavaScript go to the GPU by `writeBuffer`, which comes before the commands not yet submitted, into a
 *   buffer that none of them uses; the published way ends the compute pass and makes a staging buffer for each scalar;
 * - a uniform buffer is kept and used again for the same numbers, instead of being written anew for each dispatch.
 */
export function tune(backend: WebgpuBackend): void {
  const cache = backend.convertAndCacheOnCPU.bind(backend);
  backend.convertAndCacheOnCPU = (dataId, data) =>
    overwritten.has(dataId) ? data : cache(dataId, data);

  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const { values } = data;
    if (data.resource != null || values == null || data.dtype === 'complex64') {
      upload(dataId);
      return;
    }
    const elements =
      data.dtype === 'float32'
        ? values instanceof Float32Array
          ? values
          : Float32Array.from(values)
        : values instanceof Int32Array
          ? values
          : Int32Array.from(values);
    data.values = null;
    upload(dataId);
    backend.queue.writeBuffer(data.resource as unknown as GPUBuffer, 0, elements as BufferSource);
  };

  const make = backend.makeUniforms.bind(backend);
  const kept = new Map<string, GPUBufferBinding>();
  backend.makeUniforms = (uniforms) => {
    let key = '';
    for (const { type, data } of uniforms) key += `${type[0]}${data.join()} `;
    const known = kept.get(key);
    if (known) return known;
    const made = make(uniforms);
    // It stays: the backend must not take it back after the next submit.
    backend.uniformPendingDisposal.pop();
    kept.set(key, made);
    if (kept.size > KEPT_UNIFORMS) {
      const [oldest, binding] = kept.entries().next().value as [string, GPUBufferBinding];
      kept.delete(oldest);
      backend.uniformPendingDisposal.push(binding.buffer);
    }
    return made;
  };
}
