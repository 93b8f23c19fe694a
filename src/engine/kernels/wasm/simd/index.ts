/** AssemblyScript entry: every export of these files is a kernel of the one SIMD module. See ../simd.ts. */
export { conv, convFilterGrad, convInputGrad } from './conv';
export { depthwise, depthwiseFilterGrad, depthwiseInputGrad } from './depthwise';
export { matmul } from './matmul';
export { avgPoolGrad, maxPoolGrad } from './pool';
export { sum } from './sum';
export * from './segment-sum';
export * from './bias-activation-grad';
export * from './cross-entropy';
export * from './updates';
export { gru, gruGrad, gruLastThird } from './gru';
export { lstm, lstmGrad } from './lstm';
export { packPanels, statesBefore } from './recurrent';
export { simpleRnn, simpleRnnGrad } from './simple-rnn';
export * from './elementwise';
export * from './move';
export * from './spread';
