/** Cross-entropy losses with their gradient, one dispatch. Contracts: ../fused/contracts.ts. */
import { util, type KernelConfig } from '@tensorflow/tfjs-core';
import type { CrossEntropy } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { elementwise, GROUP, groupsFor, record } from './record.ts';

/** Rows up to this long are taken by one thread each, longer ones by a workgroup: no barriers for a few classes. */
const SHORT_ROW = 32;

/** All lanes of the workgroup get the sum (or the maximum) of their `value`s. */
const combine = (value: string, operation: (a: string, b: string) => string): string => `
  shared_values[lane] = ${value};
  workgroupBarrier();
  for (var half = ${GROUP / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) {
      shared_values[lane] = ${operation('shared_values[lane]', 'shared_values[lane + half]')};
    }
    workgroupBarrier();
  }
  ${value} = shared_values[0];
  workgroupBarrier();`;
const plus = (a: string, b: string): string => `${a} + ${b}`;
const larger = (a: string, b: string): string => `max(${a}, ${b})`;

/** A row from its maximum: lse = max + log Σ e^(x − max); loss = Σ y (lse − x); dx = scale · (e^(x − lse) Σ y − y). */
function softmaxRow(shared: boolean): string {
  const [first, stride] = shared ? ['lane', `${GROUP}u`] : ['0u', '1u'];
  const each = (body: string): string =>
    `for (var j = ${first}; j < u.columns; j += ${stride}) { ${body} }`;
  const together = (value: string, operation: typeof plus): string =>
    shared ? combine(value, operation) : '';
  return `
${shared ? `var<workgroup> shared_values: array<f32, ${GROUP}>;` : ''}
---
  let row = ${shared ? 'group.x + group.y * groups.x' : 'id.x + id.y * groups.x * 64u'};
  if (row >= arrayLength(&loss)) { return; }
  let start = row * u.columns;
  var largest = -3.4028234e38;
  ${each('largest = max(largest, logits(start + j));')}
  ${together('largest', larger)}
  var total = 0.0;
  var weight = 0.0;
  ${each('total += exp(logits(start + j) - largest); weight += labels(start + j);')}
  ${together('total', plus)}
  ${together('weight', plus)}
  let log_sum = largest + log(total);
  var cost = 0.0;
  ${each(`
    let x = logits(start + j);
    let y = labels(start + j);
    cost += y * (log_sum - x);
    gradient[start + j] = u.scale * (exp(x - log_sum) * weight - y);`)}
  ${together('cost', plus)}
  ${shared ? 'if (lane == 0u) { loss[row] = cost; }' : 'loss[row] = cost;'}`;
}

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
      const shared = columns > SHORT_ROW;
      const groups = shared ? rows : Math.ceil(rows / GROUP);
      const x = Math.min(groups, 65535);
      record(backend, {
        name: shared ? 'SoftmaxCrossEntropy' : 'SoftmaxCrossEntropyShort',
        code: () => softmaxRow(shared),
        reads: { logits, labels },
        writes: { loss, gradient },
        integers: { columns },
        floats: { scale },
        workgroups: [x, Math.ceil(groups / x)],
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
