/** Reads the 150 irises of `public/datasets/iris`: four lengths each in centimetres, three species. */
import { loadTable, type Table } from './table.ts';

/** Loads the irises (`x` `[150, 4]`, classes 0 … 2). @throws Error naming the file when it is not right. */
export const loadIris = (run: { load(path: string): Promise<ArrayBuffer> }): Promise<Table> =>
  loadTable(run, { file: 'iris/iris.csv', bytes: 2_634, rows: 150, columns: 4, classes: 3 });
