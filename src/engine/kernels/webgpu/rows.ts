/**
 * Shaders that go through rows with sums (or maxima) over each: by one thread for short rows and on a processor that
 * plays GPU, else by a workgroup.
 */
import { onProcessor, type WebgpuBackend } from './backend.ts';
import { GROUP, MOST_GROUPS, type Dispatch } from './record.ts';

/** Rows up to this long are taken by one thread each: no barriers for a few classes. */
const SHORT_ROW = 32;

/** What the body of a row is written with; `u.columns` is its length and `start` its first element. */
export interface RowWriter {
  /** Does something with each element `start + j`. */
  readonly each: (body: string) => string;
  /** Makes `value`, which each thread has for its elements, the sum (or the maximum) over the whole row. */
  readonly total: (value: string, operation?: 'sum' | 'max') => string;
  /** Does something once for the row. */
  readonly once: (body: string) => string;
}

const alone: RowWriter = {
  each: (body) => `for (var j = 0u; j < u.columns; j++) { ${body} }`,
  total: () => '',
  once: (body) => body,
};
const together: RowWriter = {
  each: (body) => `for (var j = lane; j < u.columns; j += ${GROUP}u) { ${body} }`,
  total: (value, operation = 'sum') => `
  shared_values[lane] = ${value};
  workgroupBarrier();
  for (var half = ${GROUP / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) {
      let other = shared_values[lane + half];
      shared_values[lane] = ${operation === 'sum' ? 'shared_values[lane] + other' : 'max(shared_values[lane], other)'};
    }
    workgroupBarrier();
  }
  ${value} = shared_values[0];
  workgroupBarrier();`,
  once: (body) => `if (lane == 0u) { ${body} }`,
};

/** The parts of a dispatch that say how `rows` rows of `columns` are gone through. */
export function rowDispatch(
  backend: WebgpuBackend,
  name: string,
  rows: number,
  columns: number,
  write: (row: RowWriter) => string,
): Pick<Dispatch, 'name' | 'code' | 'integers' | 'workgroups'> {
  const short = columns <= SHORT_ROW || onProcessor(backend);
  const groups = short ? Math.ceil(rows / GROUP) : rows;
  const x = Math.min(groups, MOST_GROUPS);
  return {
    name: short ? `${name} short` : name,
    integers: { rows, columns },
    workgroups: [x, Math.ceil(groups / x)],
    code: () => `
${short ? '' : `var<workgroup> shared_values: array<f32, ${GROUP}>;`}
---
  let row = ${short ? `id.x + id.y * groups.x * ${GROUP}u` : 'group.x + group.y * groups.x'};
  if (row >= u.rows) { return; }
  let start = row * u.columns;
  ${write(short ? alone : together)}`,
  };
}
