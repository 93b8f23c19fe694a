/** Cross-entropy losses with their gradient, one dispatch. Contracts: ../fused/contracts.ts. */
import { util, type KernelConfig } from '@tensorflow/tfjs-core';
import type { CrossEntropy } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { elementwise, groupsFor, record } from './record.ts';
import { rowDispatch, type RowWriter } from './rows.ts';

/** A row from its maximum: lse = max + log Σ e^(x − max); loss = Σ y (lse − x); dx = scale · (e^(x − lse) Σ y − y). */
const softmaxRow = ({ each, total, once }: RowWriter): string => `
  var largest = -3.4028234e38;
  ${each('largest = max(largest, logits(start + j));')}
  ${total('largest', 'max')}
  var powers = 0.0;
  var weight = 0.0;
  ${each('powers += exp(logits(start + j) - largest); weight += labels(start + j);')}
  ${total('powers')}
  ${total('weight')}
  let log_sum = largest + log(powers);
  var cost = 0.0;
  ${each(`
    let x = logits(start + j);
    let y = labels(start + j);
    cost += y * (log_sum - x);
    gradient[start + j] = u.scale * (exp(x - log_sum) * weight - y);`)}
  ${total('cost')}
  ${once('loss[row] = cost;')}`;

/** logits, labels [n, c] → loss [n], gradient [n, c]. */
const softmax: KernelConfig = {
  kernelName: 'SoftmaxCrossEntropy',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { logits, labels } = inputs as unknown as CrossEntropy['inputs'];
    const { scale } = attrs as unknown as CrossEntropy['attrs'];
    const [rows, columns] = logits.shape as [number, number];
    const loss = backend.makeTensorInfo([rows], 'float32');
    const gradient = backend.makeTensorInfo(logits.shape, 'float32');
    if (rows * columns > 0) {
      record(backend, {
        ...rowDispatch(backend, 'SoftmaxCrossEntropy', rows, columns, softmaxRow),
        reads: { logits, labels },
        writes: { loss, gradient },
        floats: { scale },
      });
    }
    return [loss, gradient];
  },
};

/** logits x, labels z of one shape → loss max(x, 0) − xz + log(1 + e^−|x|), gradient scale · (sigmoid(x) − z). */
const sigmoid: KernelConfig = {
  kernelName: 'SigmoidCrossEntropy',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { logits, labels } = inputs as unknown as CrossEntropy['inputs'];
    const { scale } = attrs as unknown as CrossEntropy['attrs'];
    const loss = backend.makeTensorInfo(logits.shape, 'float32');
    const gradient = backend.makeTensorInfo(logits.shape, 'float32');
    const size = util.sizeFromShape(logits.shape);
    if (size > 0) {
      record(backend, {
        name: 'SigmoidCrossEntropy',
        // WGSL has no log1p: for a small e its series is exact to float32.
        code: () =>
          elementwise(
            `
    let x = logits(i);
    let z = labels(i);
    let e = exp(-abs(x));
    loss[i] = max(x, 0.0) - x * z + select(log(1.0 + e), e * (1.0 - 0.5 * e), e < 1e-3);
    gradient[i] = u.scale * (select(e, 1.0, x >= 0.0) / (1.0 + e) - z);`,
            'loss',
          ),
        reads: { logits, labels },
        writes: { loss, gradient },
        floats: { scale },
        workgroups: [groupsFor(size)],
      });
    }
    return [loss, gradient];
  },
};

export const crossEntropies: readonly KernelConfig[] = [softmax, sigmoid];
