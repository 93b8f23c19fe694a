/** The optimizers' updates on the WASM heap: one pass, in place. Contracts: ../fused/contracts.ts. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { FusedKernels, UpdateInputs } from '../fused/contracts.ts';
import type { Simd, WasmKernel } from './simd.ts';

type Updates = Pick<
  FusedKernels,
  'SgdUpdate' | 'MomentumUpdate' | 'AdagradUpdate' | 'RmspropUpdate' | 'AdamUpdate'
>;

/** What comes after the addresses of variable and gradient: those of the state, the length, and numbers. */
type Plan<K extends keyof Updates> = (
  inputs: Updates[K]['inputs'],
  attrs: Updates[K]['attrs'],
) => { readonly state?: readonly (TensorInfo | undefined)[]; readonly numbers: readonly number[] };

const update =
  <K extends keyof Updates>(name: string, plan: Plan<K>): WasmKernel =>
  (simd: Simd, args) => {
    const inputs = args.inputs as unknown as Updates[K]['inputs'];
    const { variable, gradient }: UpdateInputs = inputs;
    const { state = [], numbers } = plan(inputs, args.attrs as unknown as Updates[K]['attrs']);
    const addresses = state.map((slot) => (slot ? simd.address(slot) : 0));
    const size = util.sizeFromShape(variable.shape);
    simd.share(
      simd.parts(size * 8),
      name,
      simd.address(variable),
      simd.address(gradient),
      ...addresses,
      size,
      ...numbers,
    );
    simd.changed(variable);
    return [];
  };

export const updates: Readonly<Record<keyof Updates, WasmKernel>> = {
  SgdUpdate: update<'SgdUpdate'>('sgdUpdate', (_, { learningRate }) => ({
    numbers: [learningRate],
  })),
  MomentumUpdate: update<'MomentumUpdate'>(
    'momentumUpdate',
    ({ accumulation }, { learningRate, momentum, useNesterov }) => ({
      state: [accumulation],
      numbers: [learningRate, momentum, useNesterov ? 1 : 0],
    }),
  ),
  AdagradUpdate: update<'AdagradUpdate'>(
    'adagradUpdate',
    ({ accumulatedGrad }, { learningRate, epsilon }) => ({
      state: [accumulatedGrad],
      numbers: [learningRate, epsilon],
    }),
  ),
  RmspropUpdate: update<'RmspropUpdate'>(
    'rmspropUpdate',
    ({ meanSquare, moment, meanGradient }, { learningRate, decay, momentum, epsilon }) => ({
      state: [meanSquare, moment, meanGradient],
      numbers: [learningRate, decay, 1 - decay, momentum, epsilon],
    }),
  ),
  AdamUpdate: update<'AdamUpdate'>('adamUpdate', ({ firstMoment, secondMoment }, attrs) => {
    const { learningRate, beta1, beta2, epsilon, correction1, correction2 } = attrs;
    const averages = [beta1, 1 - beta1, beta2, 1 - beta2];
    return {
      state: [firstMoment, secondMoment],
      numbers: [...averages, learningRate / correction1, 1 / correction2, epsilon],
    };
  }),
};
