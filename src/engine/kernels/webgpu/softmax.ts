/**
 * Softmax for a processor that plays GPU, without barriers, and for more rows than a dispatch has workgroups, where the
 * published kernel is wrong. Otherwise a real GPU keeps that one.
 */
import { util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import { onProcessor, type WebgpuBackend } from './backend.ts';
import { MOST_GROUPS, record } from './record.ts';
import { rowDispatch, type RowWriter } from './rows.ts';

const row = ({ each, total }: RowWriter): string => `
  var largest = -3.4028234e38;
  ${each('largest = max(largest, x(start + j));')}
  ${total('largest', 'max')}
  var powers = 0.0;
  ${each('powers += exp(x(start + j) - largest);')}
  ${total('powers')}
  ${each('y[start + j] = exp(x(start + j) - largest) / powers;')}`;

/** x [..., c] → y = e^(x − max) / Σ e^(x − max), over the last axis. */
export const softmax = (published: KernelFunc): KernelConfig => ({
  kernelName: 'Softmax',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const backend = call.backend as WebgpuBackend;
    const x = call.inputs['logits'];
    const size = util.sizeFromShape(x?.shape ?? []);
    const columns = x?.shape.at(-1) ?? 1;
    const ours = onProcessor(backend) || size / columns > MOST_GROUPS;
    if (x?.dtype !== 'float32' || size === 0 || !ours) return published(call);
    const y = backend.makeTensorInfo(x.shape, 'float32');
    record(backend, {
      ...rowDispatch(backend, 'Softmax', size / columns, columns, row),
      reads: { x },
      writes: { y },
    });
    return y;
  },
});
