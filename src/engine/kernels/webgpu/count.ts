/** Counts what WebGPU is asked to do: dispatches, passes, submits, uploads and new buffers. Knows no tensor library. */

/** Everything asked of WebGPU since counting began. */
export interface GpuCounts {
  dispatches: number;
  /** Compute passes: the GPU may drain between two of them. */
  passes: number;
  submits: number;
  /** Writes from JavaScript into GPU buffers: uniforms, batches, constants. */
  writes: number;
  /** Buffers created, and their bytes. */
  buffers: number;
  bytes: number;
  /** Pipeline label → dispatches. */
  readonly programs: Map<string, number>;
}

/** Puts a function in front of a method of a WebGPU interface. @returns how to take it away again. */
function watch<T extends object, K extends keyof T & string>(
  prototype: T,
  name: K,
  see: (self: T, args: readonly unknown[]) => void,
): () => void {
  const original = prototype[name] as (...args: unknown[]) => unknown;
  const watched = function (this: T, ...args: unknown[]): unknown {
    see(this, args);
    return original.apply(this, args);
  };
  Object.defineProperty(prototype, name, { value: watched, configurable: true, writable: true });
  return () =>
    Object.defineProperty(prototype, name, { value: original, configurable: true, writable: true });
}

/**
 * Starts counting every WebGPU call of this page or worker, whichever library makes it; several counts may run at
 * once, if the last begun is stopped first. `read()` gives what was counted so far, `stop()` ends it.
 * Needs a browser with WebGPU.
 */
export function countDispatches(): { read(): GpuCounts; stop(): GpuCounts } {
  const counts: GpuCounts = {
    dispatches: 0,
    passes: 0,
    submits: 0,
    writes: 0,
    buffers: 0,
    bytes: 0,
    programs: new Map(),
  };
  const labels = new WeakMap<GPUComputePassEncoder, string>();
  const dispatched = (pass: GPUComputePassEncoder): void => {
    counts.dispatches++;
    const label = labels.get(pass) ?? '';
    counts.programs.set(label, (counts.programs.get(label) ?? 0) + 1);
  };
  const undo = [
    watch(GPUComputePassEncoder.prototype, 'setPipeline', (pass, [pipeline]) =>
      labels.set(pass, (pipeline as GPUComputePipeline).label),
    ),
    watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', dispatched),
    watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', dispatched),
    watch(GPUCommandEncoder.prototype, 'beginComputePass', () => counts.passes++),
    watch(GPUQueue.prototype, 'submit', () => counts.submits++),
    watch(GPUQueue.prototype, 'writeBuffer', () => counts.writes++),
    watch(GPUDevice.prototype, 'createBuffer', (_device, [descriptor]) => {
      counts.buffers++;
      counts.bytes += (descriptor as GPUBufferDescriptor).size;
      // A buffer mapped when it is made is one that JavaScript fills.
      if ((descriptor as GPUBufferDescriptor).mappedAtCreation === true) counts.writes++;
    }),
  ];
  const read = (): GpuCounts => ({ ...counts, programs: new Map(counts.programs) });
  return {
    read,
    stop: () => {
      for (const one of undo.toReversed()) one();
      return read();
    },
  };
}
