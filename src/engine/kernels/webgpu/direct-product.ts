/**
 * Matrix products without shared memory: each thread makes 4 × 4 results straight from the factors. A processor that
 * plays GPU pays milliseconds for the barriers of a tiled product, and for few inner positions no tile is worth filling.
 */
import { broadcast_util, util, type TensorInfo } from '@tensorflow/tfjs-core';
import { onProcessor, type WebgpuBackend } from './backend.ts';
import { GROUP, MOST_GROUPS, record } from './record.ts';

/** Inner length up to which a real GPU, too, has nothing to gain from tiles. */
const SHORT = 16;

export interface Product {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** [n], added to every row. */
  readonly bias?: TensorInfo | undefined;
}

const code = ({ transposeA, transposeB, bias }: Product): string => `
  let across = (u.columns + 3u) / 4u;
  let tile = id.x;
  let top = tile / across * 4u;
  if (top >= u.rows) { return; }
  let left = tile % across * 4u;
  let aStart = group.y * u.aStride;
  let bStart = group.y * u.bStride;
  var p: array<u32, 4>;
  var o: array<u32, 4>;
  for (var i = 0u; i < 4u; i++) {
    p[i] = aStart + min(top + i, u.rows - 1u) * ${transposeA ? '1u' : 'u.positions'};
    o[i] = bStart + min(left + i, u.columns - 1u) * ${transposeB ? 'u.positions' : '1u'};
  }
  let aStep = ${transposeA ? 'u.rows' : '1u'};
  let bStep = ${transposeB ? '1u' : 'u.columns'};
  var sum0 = vec4(0.0);
  var sum1 = vec4(0.0);
  var sum2 = vec4(0.0);
  var sum3 = vec4(0.0);
  for (var k = 0u; k < u.positions; k++) {
    let q = k * bStep;
    let s = vec4(b(o[0] + q), b(o[1] + q), b(o[2] + q), b(o[3] + q));
    let r = k * aStep;
    sum0 += a(p[0] + r) * s;
    sum1 += a(p[1] + r) * s;
    sum2 += a(p[2] + r) * s;
    sum3 += a(p[3] + r) * s;
  }
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u && top + i < u.rows; i++) {
    for (var j = 0u; j < 4u && left + j < u.columns; j++) {
      let place = (group.y * u.rows + top + i) * u.columns + left + j;
      product[place] = sums[i][j]${bias ? ' + bias(left + j)' : ''};
    }
  }`;

/**
 * a [… m, k] · b [… k, n], or transposed, float32, leading axes equal or of size 1 in one of the two → [… m, n].
 * @returns `undefined` where the product is left to others.
 */
export function directProduct(backend: WebgpuBackend, of: Product): TensorInfo | undefined {
  const { a, b, transposeA, transposeB, bias } = of;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const [high = 1, wide = 1] = a.shape.slice(-2);
  const [rows, positions] = transposeA ? [wide, high] : [high, wide];
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
  const [aLeading, bLeading] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const leading = broadcast_util.assertAndGetBroadcastShape(aLeading, bLeading);
  const batch = util.sizeFromShape(leading);
  const batches = [aLeading, bLeading].map((shape) => util.sizeFromShape(shape));
  const [aBatch = 1, bBatch = 1] = batches;
  const groups = Math.ceil((Math.ceil(rows / 4) * Math.ceil(columns / 4)) / GROUP);
  const fits =
    batch * rows * columns * positions > 0 &&
    batches.every((count) => count === batch || count === 1) &&
    Math.max(groups, batch) <= MOST_GROUPS &&
    (!bias || (bias.dtype === 'float32' && util.sizeFromShape(bias.shape) === columns));
  if (!fits || (positions > SHORT && !onProcessor(backend))) return undefined;
  const product = backend.makeTensorInfo([...leading, rows, columns], 'float32');
  record(backend, {
    name: `DirectProduct ${transposeA} ${transposeB}${bias ? ' bias' : ''}`,
    code: () => code(of),
    reads: { a, b, ...(bias && { bias }) },
    writes: { product },
    integers: {
      rows,
      columns,
      positions,
      aStride: aBatch === 1 ? 0 : rows * positions,
      bStride: bBatch === 1 ? 0 : positions * columns,
    },
    workgroups: [groups, batch],
  });
  return product;
}
