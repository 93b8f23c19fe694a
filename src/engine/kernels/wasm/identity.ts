/** `Identity` on the wasm backend without the copy that the stock kernel makes: the clone shares the numbers. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/**
 * x → the same dataId, counted once more, as on the CPU backend. Nothing writes into a tensor that somebody else holds:
 * assigning to a variable gives it other numbers, and kernels that work in place look at the count first.
 */
export const identity: tf.KernelConfig = {
  kernelName: 'Identity',
  backendName: 'wasm',
  kernelFunc: (call) => {
    const { dataId, shape, dtype } = call.inputs['x'] as tf.TensorInfo;
    (call.backend as BackendWasm).incRef(dataId);
    return { dataId, shape, dtype };
  },
};
