/**
 * What `@tensorflow/tfjs` means in a browser bundle: core, gradients, chained ops and layers, with our optimizers and
 * losses under the stock names. No backend (each is fetched when it is chosen), no converter, no data API. In Node
 * the whole package is used instead.
 */
// First, as in the package's own entry: it registers the flags that the modules after it read.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { layers as stockLayers } from '@tensorflow/tfjs-layers';
import { installFused } from './kernels/fused/install.ts';
import { lstm } from './kernels/fused/lstm.ts';

installFused();

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
/** The stock layers, with an LSTM that runs a sequence as one kernel. */
export const layers: typeof stockLayers = { ...stockLayers, lstm };
