/** Loads and registers our own kernels of one backend. Knows no kernel. */
import type { BackendName } from '../../contract/example.ts';

/** Call once, after the backend is in use. */
export async function registerKernels(backend: BackendName): Promise<void> {
  switch (backend) {
    case 'wasm': {
      const { loadWasmKernels } = await import('./wasm/load.ts');
      await loadWasmKernels();
      return;
    }
    case 'cpu': {
      const { registerCpuKernels } = await import('./cpu/index.ts');
      registerCpuKernels();
      return;
    }
    case 'webgpu': {
      const { registerWebgpuKernels } = await import('./webgpu/index.ts');
      registerWebgpuKernels();
      return;
    }
    case 'webgl': {
      const { registerWebglKernels } = await import('./webgl/index.ts');
      registerWebglKernels();
    }
  }
}
