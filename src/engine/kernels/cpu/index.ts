/** Registers our kernels for the cpu backend. */
import { registerBiasActivationGrad } from './bias-activation-grad.ts';
import { registerCrossEntropy } from './cross-entropy.ts';
import { registerElementwise } from './elementwise.ts';
import { registerGru } from './gru.ts';
import { registerLstm } from './lstm.ts';
import { registerSegmentSum } from './segment-sum.ts';
import { registerMatMul } from './matmul.ts';
import { registerMoves } from './move.ts';
import { registerReductions } from './reduce.ts';
import { registerSimpleRnn } from './simple-rnn.ts';
import { registerUpdates } from './updates.ts';

/** Call once, after `@tensorflow/tfjs-backend-cpu` is loaded. */
export function registerCpuKernels(): void {
  registerUpdates();
  registerCrossEntropy();
  registerBiasActivationGrad();
  registerLstm();
  registerGru();
  registerSimpleRnn();
  registerElementwise();
  registerReductions();
  registerMatMul();
  registerMoves();
  registerSegmentSum();
}
