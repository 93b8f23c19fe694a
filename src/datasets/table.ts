/** Reads a table of measured samples with a class each. Knows the files' form, not what they are about. */
import { seededRandom } from './random.ts';

/** Samples with their classes. */
export interface Samples {
  readonly count: number;
  /** `[count, features.length]`, row by row, in the file's own units. */
  readonly x: Float32Array;
  /** `[count]`, 0 … classes − 1. */
  readonly labels: Int32Array;
}

export interface Table extends Samples {
  /** Names of the measurements, in column order. */
  readonly features: readonly string[];
  readonly classes: number;
  /** 70 % to learn from and the rest to test with: one fixed shuffle, the same in every run. */
  readonly train: Samples;
  readonly test: Samples;
}

export interface TableShape {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  /** Columns of measurements; the class is one more. */
  readonly columns: number;
  readonly classes: number;
}

/**
 * Loads a CSV table: a header, then one sample a line with its class at the end.
 * @throws Error naming the file (and line) when it is not of the expected shape.
 */
export async function loadTable(
  run: { load(path: string): Promise<ArrayBuffer> },
  { file, bytes, rows, columns, classes }: TableShape,
): Promise<Table> {
  const content = await run.load(file);
  if (content.byteLength !== bytes) {
    throw new Error(`${file}: ${content.byteLength} bytes, expected ${bytes}`);
  }
  const [header, ...lines] = new TextDecoder().decode(content).trimEnd().split('\n');
  if (lines.length !== rows) throw new Error(`${file}: ${lines.length} rows, expected ${rows}`);
  const x = new Float32Array(rows * columns);
  const labels = new Int32Array(rows);
  lines.forEach((line, i) => {
    const values = line.split(',').map(Number);
    const label = values[columns];
    if (values.length !== columns + 1 || !values.every(Number.isFinite)) {
      throw new Error(`${file}, line ${i + 2}: expected ${columns + 1} numbers`);
    }
    if (label === undefined || label >= classes) {
      throw new Error(`${file}, line ${i + 2}: expected a class from 0 to ${classes - 1}`);
    }
    x.set(values.slice(0, columns), i * columns);
    labels[i] = label;
  });
  const pick = (chosen: readonly number[]): Samples => ({
    count: chosen.length,
    x: Float32Array.from(chosen.flatMap((i) => [...x.subarray(i * columns, (i + 1) * columns)])),
    labels: Int32Array.from(chosen, (i) => labels[i] as number),
  });
  const order = seededRandom(0).permutation(rows);
  const learn = Math.round(0.7 * rows);
  return {
    count: rows,
    x,
    labels,
    features: (header ?? '').split(',').slice(0, columns),
    classes,
    train: pick(order.slice(0, learn)),
    test: pick(order.slice(learn)),
  };
}
