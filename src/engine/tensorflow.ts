/**
 * What `@tensorflow/tfjs` means in a browser bundle to a module that uses layers: the core entry and the layers, with
 * an LSTM of ours under the stock name. No converter, no data API. In Node the whole package is used instead.
 */
import './tensorflow-core.ts';
import { layers as stockLayers } from '@tensorflow/tfjs-layers';
import { gru, lstm, simpleRNN } from './kernels/fused/recurrent.ts';

export * from './tensorflow-core.ts';
export * from '@tensorflow/tfjs-layers';
/** The stock layers, with recurrent ones that run a sequence as one kernel. */
export const layers: typeof stockLayers = { ...stockLayers, lstm, gru, simpleRNN };
