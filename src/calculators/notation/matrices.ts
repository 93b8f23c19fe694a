/** How matrices and vectors are written inside KaTeX formulas. Knows no calculator. */
import { tex, texFactor } from './numbers.ts';

/** Rows of equal length. */
export type Matrix = readonly (readonly number[])[];

/** A matrix as KaTeX source, each entry to `significant` digits. */
export const texMatrix = (matrix: Matrix, significant = 5): string =>
  `\\begin{pmatrix} ${matrix
    .map((row) => row.map((value) => tex(value, significant)).join(' & '))
    .join(' \\\\ ')} \\end{pmatrix}`;

/** A vector as a column, KaTeX source. */
export const texVector = (vector: readonly number[], significant = 5): string =>
  texMatrix(
    vector.map((value) => [value]),
    significant,
  );

/** `0.1 \times 0.5 + 0.2 \times 1`: the sum that one row of a matrix makes with a vector. */
export const texDot = (row: readonly number[], vector: readonly number[]): string =>
  row.map((w, i) => `${texFactor(w)} \\times ${texFactor(vector[i] ?? NaN)}`).join(' + ');
