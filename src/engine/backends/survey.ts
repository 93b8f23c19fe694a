/** Finds out which backends this machine has, without loading any of them. Knows no tensor library. */
import type { BackendName } from '../../contract/example.ts';
import type { BackendProblem, BackendReport } from '../../contract/protocol.ts';
import { threadCount } from '../kernels/wasm/shared-heap.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;

const absent = (backend: BackendName, problem: BackendProblem): BackendReport => ({
  backend,
  usable: false,
  adapter: '',
  software: false,
  problem,
});

async function surveyWebgpu(): Promise<BackendReport> {
  // A browser without WebGPU has no `navigator.gpu`, whatever the type says.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) return absent('webgpu', 'no-webgpu');
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return absent('webgpu', 'no-adapter');
  // Older browsers give no `info`.
  const info = adapter.info as GPUAdapterInfo | undefined;
  const words = [info?.vendor, info?.architecture, info?.device, info?.description];
  const name = [...new Set(words.filter((word) => word))].join(' ');
  const software = info?.isFallbackAdapter === true || SOFTWARE.test(name);
  return { backend: 'webgpu', usable: true, adapter: name, software, problem: '' };
}

function surveyWebgl(): BackendReport {
  if (typeof OffscreenCanvas === 'undefined') return absent('webgl', 'no-webgl');
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return absent('webgl', 'no-webgl');
  const details = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(details ? details.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return {
    backend: 'webgl',
    usable: true,
    adapter: name,
    software: SOFTWARE.test(name),
    problem: '',
  };
}

function surveyWasm(): BackendReport {
  if (typeof WebAssembly !== 'object') return absent('wasm', 'no-wasm');
  const threads = threadCount();
  const adapter = threads > 1 ? `${threads} 线程` : '';
  return { backend: 'wasm', usable: true, adapter, software: false, threads, problem: '' };
}

/** What this machine has, in the order webgpu, webgl, wasm, cpu. */
export async function surveyBackends(): Promise<readonly BackendReport[]> {
  return [
    await surveyWebgpu(),
    surveyWebgl(),
    surveyWasm(),
    { backend: 'cpu', usable: true, adapter: '', software: false, problem: '' },
  ];
}
