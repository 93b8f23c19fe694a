/**
 * Sums of rows by segment, the gradient of a lookup. The published kernel adds float32 numbers with atomics: in another
 * order each time, so that a run would not repeat itself. Here the order is fixed.
 */
import { util, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { elementwise, groupsFor, record } from './record.ts';

/** Comparisons of a segment with a row, over all threads, beyond which going through all rows no longer pays. */
const MOST_WORK = 2 ** 28;

/**
 * x [n, …], segmentIds [n] → y [numSegments, …], y[s] = Σ x[i] over segmentIds[i] = s, added from the first row to the
 * last. One dispatch; each number of y goes through all rows. Several axes of ids, other types and very large sums,
 * as `published` does it.
 */
export const segmentSum = (published: KernelFunc): KernelConfig => ({
  kernelName: 'UnsortedSegmentSum',
  backendName: 'webgpu',
  kernelFunc: (call) => {
    const backend = call.backend as WebgpuBackend;
    const { x, segmentIds } = call.inputs;
    const { numSegments } = call.attrs as { numSegments: number };
    if (!x || segmentIds?.shape.length !== 1 || x.dtype !== 'float32') return published(call);
    const rows = x.shape[0] ?? 0;
    const width = util.sizeFromShape(x.shape.slice(1));
    const work = rows * width * numSegments;
    if (work === 0 || work > MOST_WORK) return published(call);
    const sums = backend.makeTensorInfo([numSegments, ...x.shape.slice(1)], 'float32');
    record(backend, {
      name: 'SegmentSum',
      code: () =>
        elementwise(
          `let segment = f32(i / u.width);
    var sum = 0.0;
    for (var row = 0u; row < u.rows; row++) {
      if (segmentIds(row) == segment) { sum += x(row * u.width + i % u.width); }
    }
    sums[i] = sum;`,
          'sums',
        ),
      reads: { x, segmentIds },
      writes: { sums },
      integers: { rows, width },
      workgroups: [groupsFor(numSegments * width)],
    });
    return sums;
  },
});
