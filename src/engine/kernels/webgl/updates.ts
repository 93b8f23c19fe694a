/**
 * The optimizers' updates: one program for each tensor that changes, where the published composition has up to 14.
 * Contracts: ../fused/contracts.ts.
 */
import { getKernel, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { registerUpdates } from '../cpu/updates.ts';
import type { FusedKernels } from '../fused/contracts.ts';
import { overwrite, type WebglBackend } from './backend.ts';

type UpdateKernel =
  'SgdUpdate' | 'MomentumUpdate' | 'AdagradUpdate' | 'RmspropUpdate' | 'AdamUpdate';

interface Rule<K extends UpdateKernel> {
  readonly uniforms: (attrs: FusedKernels[K]['attrs']) => Readonly<Record<string, number>>;
  /**
   * Tensor that changes → GLSL of its new value, in order: each sees the new values of those before it. `w` is the
   * variable and `g` the gradient.
   */
  readonly values: (attrs: FusedKernels[K]['attrs']) => Readonly<Record<string, string>>;
}

/** Where nothing changes nothing is added, whatever the divisor: the texel's corners outside the tensor are zero. */
const whereGradient = (step: string): string => `onlyWhere(g, ${step})`;

const RULES: { readonly [K in UpdateKernel]: Rule<K> } = {
  SgdUpdate: {
    uniforms: ({ learningRate }) => ({ learningRate }),
    values: () => ({ w: 'w - learningRate * g' }),
  },
  MomentumUpdate: {
    uniforms: ({ learningRate, momentum }) => ({ learningRate, momentum }),
    values: ({ useNesterov }) => ({
      accumulation: 'momentum * accumulation + g',
      w: `w - learningRate * ${useNesterov ? '(g + momentum * accumulation)' : 'accumulation'}`,
    }),
  },
  AdagradUpdate: {
    uniforms: ({ learningRate, epsilon }) => ({ learningRate, epsilon }),
    values: () => ({
      accumulatedGrad: 'accumulatedGrad + g * g',
      w: 'w - learningRate * g / sqrt(accumulatedGrad + epsilon)',
    }),
  },
  RmspropUpdate: {
    uniforms: ({ learningRate, decay, momentum, epsilon }) => ({
      learningRate,
      decay,
      rest: 1 - decay,
      momentum,
      epsilon,
    }),
    values: ({ centered }) => ({
      meanSquare: 'decay * meanSquare + rest * g * g',
      ...(centered && { meanGradient: 'decay * meanGradient + rest * g' }),
      moment: `momentum * moment + ${whereGradient(
        `learningRate * g / sqrt(${
          centered ? 'meanSquare - (meanGradient * meanGradient + epsilon)' : 'meanSquare + epsilon'
        })`,
      )}`,
      w: 'w - moment',
    }),
  },
  AdamUpdate: {
    uniforms: ({ learningRate, beta1, beta2, epsilon, correction1, correction2 }) => ({
      learningRate,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
      correction1,
      correction2,
    }),
    values: () => ({
      firstMoment: 'beta1 * firstMoment + rest1 * g',
      secondMoment: 'beta2 * secondMoment + rest2 * g * g',
      w: 'w - learningRate * (firstMoment / correction1) / (sqrt(secondMoment / correction2) + epsilon)',
    }),
  },
};

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Small tensors that never went to the GPU stay where they are: the backend's own habit. */
function onCpu(kernel: UpdateKernel, call: Parameters<KernelConfig['kernelFunc']>[0]): void {
  const { texData } = call.backend as WebglBackend;
  const backend = { data: texData, readSync: (dataId: object) => texData.get(dataId)['values'] };
  getKernel(kernel, 'cpu').kernelFunc({ ...call, backend });
}

function config<K extends UpdateKernel>(kernelName: K): KernelConfig {
  const rule: Rule<K> = RULES[kernelName];
  return {
    kernelName,
    backendName: 'webgl',
    kernelFunc: (call) => {
      const backend = call.backend as WebglBackend;
      const { variable, gradient, ...accumulators } = call.inputs as Record<string, TensorInfo> & {
        variable: TensorInfo;
        gradient: TensorInfo;
      };
      if (util.sizeFromShape(variable.shape) === 0) return [];
      const tensors: Record<string, TensorInfo> = { w: variable, g: gradient, ...accumulators };
      const floats = Object.values(tensors).every(
        ({ dataId }) => backend.texData.get(dataId)['dtype'] === 'float32',
      );
      if (floats && backend.shouldExecuteOnCPU(Object.values(tensors))) {
        onCpu(kernelName, call);
        return [];
      }
      const attrs = call.attrs as unknown as FusedKernels[K]['attrs'];
      const uniforms = rule.uniforms(attrs);
      for (const [name, value] of Object.entries(rule.values(attrs))) {
        const used = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(value);
        const reads = Object.keys(tensors).filter(used);
        const numbers = Object.keys(uniforms).filter(used);
        const fresh = backend.runWebGLProgram(
          {
            variableNames: reads.map(capital),
            outputShape: variable.shape,
            packedInputs: true,
            packedOutput: true,
            customUniforms: numbers.map((one) => ({ name: one, type: 'float' })),
            userCode: `
      vec4 onlyWhere(vec4 g, vec4 x) {
        return vec4(g.x == 0. ? 0. : x.x, g.y == 0. ? 0. : x.y, g.z == 0. ? 0. : x.z, g.w == 0. ? 0. : x.w);
      }
      void main() {
        ${reads.map((one) => `vec4 ${one} = get${capital(one)}AtOutCoords();`).join('\n        ')}
        setOutput(${value});
      }`,
          },
          reads.map((one) => tensors[one] as TensorInfo),
          'float32',
          numbers.map((one) => [uniforms[one] as number]),
        );
        overwrite(backend, tensors[name] as TensorInfo, fresh);
      }
      return [];
    },
  };
}

/** The kernels; those of the cpu backend are registered too, for what stays there. */
export function updates(): readonly KernelConfig[] {
  registerUpdates();
  return (Object.keys(RULES) as UpdateKernel[]).map(config);
}
