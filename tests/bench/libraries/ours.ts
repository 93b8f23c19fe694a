/** The book's engine as its own training worker starts it: the slim entry, the backends, our kernels. */
import * as tf from '@tensorflow/tfjs';
import type { AnyExample } from '../../../src/contract/example.ts';
import { startBackend } from '../../../src/engine/backends/start.ts';
import { registerKernels } from '../../../src/engine/kernels/register.ts';
import { threadCount } from '../../../src/engine/kernels/wasm/shared-heap.ts';
import { serve } from './serve.ts';

serve({
  open: async (backend) => {
    // Of an example, the start reads only what it excludes.
    const example = { excludes: {} } as unknown as AnyExample;
    const started = await startBackend({ backend }, example, (fault) => {
      console.error(`${fault.code}: ${fault.message}`);
    });
    if (started?.report.backend !== backend) {
      // The start hides why, since it goes on to the next backend: its last two steps again, for the message.
      if (!(await tf.setBackend(backend))) throw new Error('the backend does not start');
      await registerKernels(backend);
      throw new Error(started?.notices[0]?.problem ?? 'the backend starts only the second time');
    }
    return backend === 'wasm' ? { threads: threadCount() } : {};
  },
  train: (workload, inputs) => workload.train(tf, inputs),
});
