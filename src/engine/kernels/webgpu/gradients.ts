/** What the gradients of sums, softmax and products need, one dispatch each. Contracts: ../fused/contracts.ts. */
import { util, type KernelConfig } from '@tensorflow/tfjs-core';
import type { ScaledProduct, SoftmaxGrad, Spread } from '../fused/contracts.ts';
import type { WebgpuBackend } from './backend.ts';
import { elementwise, groupsFor, record } from './record.ts';
import { rowDispatch } from './rows.ts';

/** dy, y [..., c] → dx = y · (dy − Σ dy · y), sums over the last axis. */
const softmaxGrad: KernelConfig = {
  kernelName: 'SoftmaxGrad',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { dy, y } = inputs as unknown as SoftmaxGrad['inputs'];
    const dx = backend.makeTensorInfo(y.shape, 'float32');
    const size = util.sizeFromShape(y.shape);
    const columns = y.shape.at(-1) ?? 1;
    if (size > 0) {
      record(backend, {
        ...rowDispatch(
          backend,
          'SoftmaxGrad',
          size / columns,
          columns,
          ({ each, total }) => `
  var dot = 0.0;
  ${each('dot += dy(start + j) * y(start + j);')}
  ${total('dot')}
  ${each('dx[start + j] = y(start + j) * (dy(start + j) - dot);')}`,
        ),
        reads: { dy, y },
        writes: { dx },
      });
    }
    return [dx];
  },
};

/** x [outer, inner] → y [outer, reduced, inner] of the wanted shape: y[o, r, i] = scale · x[o, i]. */
const spread: KernelConfig = {
  kernelName: 'Spread',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { x } = inputs as unknown as Spread['inputs'];
    const { reduced, inner, shape, scale } = attrs as unknown as Spread['attrs'];
    const y = backend.makeTensorInfo([...shape], 'float32');
    const size = util.sizeFromShape([...shape]);
    if (size > 0) {
      record(backend, {
        name: 'Spread',
        code: () =>
          elementwise(
            'y[i] = u.scale * x(i / (u.reduced * u.inner) * u.inner + i % u.inner);',
            'y',
          ),
        reads: { x },
        writes: { y },
        integers: { reduced, inner },
        floats: { scale },
        workgroups: [groupsFor(size)],
      });
    }
    return [y];
  },
};

/** a, b of one shape → scale · a · b. */
const scaledProduct: KernelConfig = {
  kernelName: 'ScaledProduct',
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebgpuBackend;
    const { a, b } = inputs as unknown as ScaledProduct['inputs'];
    const { scale } = attrs as unknown as ScaledProduct['attrs'];
    const product = backend.makeTensorInfo(a.shape, 'float32');
    const size = util.sizeFromShape(a.shape);
    if (size > 0) {
      record(backend, {
        name: 'ScaledProduct',
        code: () => elementwise('product[i] = u.scale * a(i) * b(i);', 'product'),
        reads: { a, b },
        writes: { product },
        floats: { scale },
        workgroups: [groupsFor(size)],
      });
    }
    return [product];
  },
};

export const gradients: readonly KernelConfig[] = [softmaxGrad, spread, scaledProduct];
