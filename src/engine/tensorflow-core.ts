/**
 * What `@tensorflow/tfjs` means in a browser bundle to a module that uses no layers: core, gradients and chained ops,
 * with our optimizers and losses under the stock names. No backend: each is fetched when it is chosen.
 */
// First, as in the package's own entry: it registers the flags that the modules after it read.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { installFused } from './kernels/fused/install.ts';

installFused();

export * from '@tensorflow/tfjs-core';
