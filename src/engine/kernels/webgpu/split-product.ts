/**
 * A matrix product over many inner positions as tiles, the positions split among workgroups and the parts added up in a
 * fixed order. Knows not where its factors come from.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './backend.ts';
import { columnSum } from './column-sum.ts';
import { record } from './record.ts';

/** A workgroup of 64 threads makes 32 × 32 results, 4 × 4 a thread, from 16 positions at a time. */
const TILE = 32;
const DEPTH = 16;
/** Enough workgroups for any GPU, and the fewest positions that make one worth its while. */
const WORKGROUPS = 512;
const LEAST_PART = 256;

export interface SplitProduct {
  /** Name of the pipeline. */
  readonly name: string;
  readonly reads: Readonly<Record<string, TensorInfo>>;
  /** Numbers that the factors' WGSL reads as `u.<name>`. */
  readonly integers: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly columns: number;
  readonly positions: number;
  /** WGSL before the loops, of `p`. */
  readonly before?: string;
  /** WGSL that sets `a` to the left factor at row `p` and position `k`, and `b` to the right one at column `o`. */
  readonly left: string;
  readonly right: string;
}

const code = ({ before = '', left, right }: SplitProduct): string => `
var<workgroup> lefts: array<f32, ${TILE * DEPTH}>;
var<workgroup> rights: array<f32, ${TILE * DEPTH}>;
---
  let corner = vec2(group.x, group.y) * ${TILE}u;
  let column = lane % ${TILE}u;
  let p = corner.x + column;
  let o = corner.y + column;
  ${before}
  let first = group.z * u.part;
  let end = min(first + u.part, u.positions);
  let mine = vec2(lane / 8u, lane % 8u) * 4u;
  var sum0 = vec4(0.0);
  var sum1 = vec4(0.0);
  var sum2 = vec4(0.0);
  var sum3 = vec4(0.0);
  for (var start = first; start < end; start += ${DEPTH}u) {
    for (var i = lane / ${TILE}u; i < ${DEPTH}u; i += 2u) {
      let k = start + i;
      var a = 0.0;
      var b = 0.0;
      if (k < end && p < u.rows) { ${left} }
      if (k < end && o < u.columns) { ${right} }
      lefts[i * ${TILE}u + column] = a;
      rights[i * ${TILE}u + column] = b;
    }
    workgroupBarrier();
    for (var i = 0u; i < ${DEPTH}u; i++) {
      let a = i * ${TILE}u + mine.x;
      let b = i * ${TILE}u + mine.y;
      let s = vec4(rights[b], rights[b + 1u], rights[b + 2u], rights[b + 3u]);
      sum0 += lefts[a] * s;
      sum1 += lefts[a + 1u] * s;
      sum2 += lefts[a + 2u] * s;
      sum3 += lefts[a + 3u] * s;
    }
    workgroupBarrier();
  }
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) {
    let row = corner.x + mine.x + i;
    for (var j = 0u; j < 4u; j++) {
      let outer = corner.y + mine.y + j;
      if (row < u.rows && outer < u.columns) {
        parts[(group.z * u.rows + row) * u.columns + outer] = sums[i][j];
      }
    }
  }`;

/** @returns Σ left · right over the positions, [1, rows · columns], new; one dispatch, two where they were split. */
export function splitProduct(backend: WebgpuBackend, product: SplitProduct): TensorInfo {
  const { name, reads, integers, rows, columns, positions } = product;
  const tiles = [Math.ceil(rows / TILE), Math.ceil(columns / TILE)] as const;
  const most = Math.ceil(WORKGROUPS / (tiles[0] * tiles[1]));
  const count = Math.max(1, Math.min(most, Math.floor(positions / LEAST_PART)));
  const part = Math.ceil(positions / count / DEPTH) * DEPTH;
  const used = Math.ceil(positions / part);
  const parts = backend.makeTensorInfo([used, rows * columns], 'float32');
  record(backend, {
    name,
    code: () => code(product),
    reads,
    writes: { parts },
    integers: { rows, columns, positions, part, ...integers },
    workgroups: [...tiles, used],
  });
  if (used === 1) return parts;
  const whole = columnSum(backend, parts, { outer: 1, rows: used, columns: rows * columns }, 1);
  backend.disposeData(parts.dataId);
  return whole;
}
