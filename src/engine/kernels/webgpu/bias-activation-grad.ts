/** The gradient of activation(x + bias) from its output. Contract: ../fused/contracts.ts. */
import { util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Activation, BiasActivationGrad } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { columnSum } from './column-sum.ts';
import { elementwise, groupsFor, record } from './record.ts';

/** dy times the derivative of each activation, from its output y. */
const DERIVATIVE: Readonly<Record<Exclude<Activation, 'linear'>, string>> = {
  relu: 'select(0.0, x(i), y(i) > 0.0)',
  sigmoid: 'x(i) * y(i) * (1.0 - y(i))',
  tanh: 'x(i) * (1.0 - y(i) * y(i))',
};

/** dy, y [..., c] → dx of that shape and, with `bias`, dBias [c]; one dispatch, two for many rows, none without work. */
export const biasActivationGrad: KernelConfig = {
  kernelName: 'BiasActivationGrad',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { dy, y } = inputs as unknown as BiasActivationGrad['inputs'];
    const { activation, bias } = attrs as unknown as BiasActivationGrad['attrs'];
    const size = util.sizeFromShape(dy.shape);
    const columns = dy.shape.at(-1) ?? 1;
    let dx: TensorInfo;
    if (activation === 'linear') {
      backend.incRef(dy.dataId);
      dx = { dataId: dy.dataId, shape: dy.shape, dtype: dy.dtype };
    } else {
      dx = backend.makeTensorInfo(dy.shape, 'float32');
    }
    if (!bias || size === 0) {
      if (activation !== 'linear' && size > 0) {
        record(backend, {
          name: `ActivationGrad ${activation}`,
          code: () => elementwise(`dx[i] = ${DERIVATIVE[activation]};`, 'dx'),
          reads: { x: dy, y },
          writes: { dx },
          workgroups: [groupsFor(size)],
        });
      }
      return bias ? [dx, backend.makeTensorInfo([columns], 'float32')] : [dx];
    }
    const shape = { outer: 1, rows: size / columns, columns };
    const sums = columnSum(
      backend,
      dy,
      shape,
      1,
      activation === 'linear'
        ? undefined
        : { name: activation, reads: { y }, value: DERIVATIVE[activation], into: dx },
    );
    return [dx, { ...sums, shape: [columns] }];
  },
};
