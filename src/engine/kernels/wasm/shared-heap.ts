/**
 * Starts the threaded build of the TensorFlow.js WASM backend for the sake of its shared memory alone. Knows no kernel.
 *
 * The build makes eight workers before it is ready, each with a copy of its whole program, however few threads it is told
 * to use. We tell it to use one (setThreadsCount(1): XNNPACK then never calls a thread) and give it workers in name only.
 */

/** Says at once that it has loaded, and never does anything. */
class IdleWorker extends EventTarget {
  onmessage: ((event: { data: unknown }) => void) | null = null;

  postMessage({ cmd }: { cmd?: string }): void {
    if (cmd === 'load') queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }

  terminate(): void {
    this.onmessage = null;
  }
}

/** Runs `start`, which starts the backend, while `Worker` means a worker in name only. */
export async function withoutThreads<T>(start: () => Promise<T>): Promise<T> {
  const { Worker } = globalThis;
  globalThis.Worker = IdleWorker as unknown as typeof Worker;
  try {
    return await start();
  } finally {
    globalThis.Worker = Worker;
  }
}

/** Threads worth having here, the training worker included: 1 where memory can't be shared. */
export function threadCount(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(8, navigator.hardwareConcurrency));
}
