/** The optimizers' updates, one dispatch a variable, in place. Contracts: ../fused/contracts.ts. */
import { util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { FusedKernels } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { elementwise, groupsFor, ownFloats, record } from './record.ts';

type UpdateKernel =
  'SgdUpdate' | 'MomentumUpdate' | 'AdagradUpdate' | 'RmspropUpdate' | 'AdamUpdate';

interface Rule<K extends UpdateKernel> {
  /** What tells two shaders of one kernel apart. */
  readonly variant?: (attrs: FusedKernels[K]['attrs']) => string;
  readonly floats: (attrs: FusedKernels[K]['attrs']) => Readonly<Record<string, number>>;
  /** The numbers differ from step to step. */
  readonly changing?: true;
  /** WGSL of one element `i` with gradient `g`. */
  readonly element: (attrs: FusedKernels[K]['attrs']) => string;
}

const RULES: { readonly [K in UpdateKernel]: Rule<K> } = {
  SgdUpdate: {
    floats: ({ learningRate }) => ({ learningRate }),
    element: () => `variable[i] -= u.learningRate * g;`,
  },
  MomentumUpdate: {
    variant: ({ useNesterov }) => (useNesterov ? 'Nesterov' : ''),
    floats: ({ learningRate, momentum }) => ({ learningRate, momentum }),
    element: ({ useNesterov }) => `
      let a = u.momentum * accumulation[i] + g;
      accumulation[i] = a;
      variable[i] -= u.learningRate * ${useNesterov ? '(g + u.momentum * a)' : 'a'};`,
  },
  AdagradUpdate: {
    floats: ({ learningRate, epsilon }) => ({ learningRate, epsilon }),
    element: () => `
      let a = accumulatedGrad[i] + g * g;
      accumulatedGrad[i] = a;
      variable[i] -= u.learningRate * (g / sqrt(a + u.epsilon));`,
  },
  RmspropUpdate: {
    variant: ({ centered }) => (centered ? 'Centered' : ''),
    floats: ({ learningRate, decay, momentum, epsilon }) => ({
      learningRate,
      decay,
      rest: 1 - decay,
      momentum,
      epsilon,
    }),
    element: ({ centered }) => `
      let s = meanSquare[i] * u.decay + g * g * u.rest;
      meanSquare[i] = s;
      ${
        centered
          ? `let a = meanGradient[i] * u.decay + g * u.rest;
      meanGradient[i] = a;
      let root = sqrt(s - (a * a + u.epsilon));`
          : `let root = sqrt(s + u.epsilon);`
      }
      let m = moment[i] * u.momentum + g * u.learningRate / root;
      moment[i] = m;
      variable[i] -= m;`,
  },
  AdamUpdate: {
    // 1 − β in float64, as the published class has it: in float32 it would be off in the fifth digit.
    floats: ({ learningRate, beta1, beta2, epsilon, correction1, correction2 }) => ({
      learningRate,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
      correction1,
      correction2,
    }),
    changing: true,
    element: () => `
      let m = firstMoment[i] * u.beta1 + g * u.rest1;
      let v = secondMoment[i] * u.beta2 + g * g * u.rest2;
      firstMoment[i] = m;
      secondMoment[i] = v;
      variable[i] -= u.learningRate * ((m / u.correction1) / (sqrt(v / u.correction2) + u.epsilon));`,
  },
};

function config<K extends UpdateKernel>(kernelName: K): KernelConfig {
  const rule: Rule<K> = RULES[kernelName];
  return {
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as WebgpuBackend;
      const { gradient, ...writes } = inputs as Record<string, TensorInfo> & {
        gradient: TensorInfo;
      };
      const settings = attrs as unknown as FusedKernels[K]['attrs'];
      const size = util.sizeFromShape(gradient.shape);
      if (size === 0) return [];
      for (const tensor of Object.values(writes)) ownFloats(backend, tensor);
      record(backend, {
        name: kernelName + (rule.variant?.(settings) ?? ''),
        code: () => elementwise(`let g = gradient(i);${rule.element(settings)}`, 'variable'),
        reads: { gradient },
        writes,
        floats: rule.floats(settings),
        ...(rule.changing && { changing: rule.changing }),
        workgroups: [groupsFor(size)],
      });
      return [];
    },
  };
}

export const updates: readonly KernelConfig[] = (Object.keys(RULES) as UpdateKernel[]).map(config);
