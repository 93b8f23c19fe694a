/** Loads and starts one backend, and reports when its GPU fails. Knows no example and no page. */
import * as tf from '@tensorflow/tfjs';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreadsUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { AnyExample, BackendName } from '../../contract/example.ts';
import type {
  BackendNotice,
  BackendProblem,
  BackendReport,
  RunErrorCode,
} from '../../contract/protocol.ts';
import { registerKernels } from '../kernels/register.ts';
import { threadCount, withoutThreads } from '../kernels/wasm/shared-heap.ts';
import { chooseBackends } from './choose.ts';
import { trainsRightly } from './parity.ts';
import { surveyBackends } from './survey.ts';

export interface GpuFault {
  readonly code: RunErrorCode;
  readonly message: string;
}
export type OnFault = (fault: GpuFault) => void;

async function load(backend: BackendName): Promise<void> {
  switch (backend) {
    case 'webgpu':
      await import('@tensorflow/tfjs-backend-webgpu');
      // Every op runs on the device that the page names, however small it is.
      tf.env().set('WEBGPU_CPU_FORWARD', false);
      return;
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
      return;
    case 'wasm': {
      const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      const shared = threadCount() > 1;
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', shared);
      setThreadsCount(1);
      setWasmPaths({
        'tfjs-backend-wasm.wasm': wasmUrl,
        'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
        'tfjs-backend-wasm-threaded-simd.wasm': wasmThreadsUrl,
      });
      const factory = tf.findBackendFactory('wasm');
      if (shared) {
        tf.removeBackend('wasm');
        tf.registerBackend('wasm', () => withoutThreads(async () => factory()));
      }
      return;
    }
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
  }
}

function watchWebgpu(onFault: OnFault): void {
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  void device.lost.then((info) => {
    onFault({ code: 'device-lost', message: `${info.reason}: ${info.message}` });
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    const code = error instanceof GPUOutOfMemoryError ? 'out-of-memory' : 'gpu-error';
    onFault({ code, message: error.message });
  });
}

function watchWebgl(onFault: OnFault): void {
  const { gpgpu } = tf.backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } };
  gpgpu.gl.canvas.addEventListener('webglcontextlost', () => {
    onFault({ code: 'device-lost', message: 'webglcontextlost' });
  });
}

const loaded = new Map<BackendName, Promise<void>>();
const watched = new Set<BackendName>();
/** Backends that have our kernels. */
const equipped = new Set<BackendName>();

/** GPUs whose numbers were found to be wrong. */
const wrong = new Set<BackendName>();

/** @returns why the backend is not in use now; nothing when it is. */
async function start(backend: BackendName, onFault: OnFault): Promise<BackendProblem | undefined> {
  if (wrong.has(backend)) return 'wrong-results';
  if (!loaded.has(backend)) loaded.set(backend, load(backend));
  try {
    await loaded.get(backend);
    if (!(await tf.setBackend(backend))) return 'set-backend-failed';
    await tf.ready();
    if (!equipped.has(backend)) {
      await registerKernels(backend);
      equipped.add(backend);
      if ((backend === 'webgpu' || backend === 'webgl') && !(await trainsRightly())) {
        wrong.add(backend);
        return 'wrong-results';
      }
    }
  } catch {
    loaded.delete(backend);
    return 'set-backend-failed';
  }
  if (!watched.has(backend)) {
    watched.add(backend);
    if (backend === 'webgpu') watchWebgpu(onFault);
    if (backend === 'webgl') watchWebgl(onFault);
  }
  return undefined;
}

export interface StartedBackend {
  readonly report: BackendReport;
  readonly notices: readonly BackendNotice[];
}

let survey: Promise<readonly BackendReport[]> | undefined;

/** Starts the first backend that works for this request. @returns `undefined` when none does. */
export async function startBackend(
  request: Parameters<typeof chooseBackends>[1],
  example: AnyExample,
  onFault: OnFault,
): Promise<StartedBackend | undefined> {
  const { order, notices } = chooseBackends(
    await (survey ??= surveyBackends()),
    request,
    example.excludes,
  );
  const failed: BackendNotice[] = [];
  for (const report of order) {
    const problem = await start(report.backend, onFault);
    if (!problem) return { report, notices: [...notices, ...failed] };
    failed.push({ backend: report.backend, problem, detail: '' });
  }
  return undefined;
}
