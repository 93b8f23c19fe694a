/** Reads the 178 wines of `public/datasets/wine`: 13 measurements each, three growers. */
import { loadTable, type Table } from './table.ts';

/** Loads the wines (`x` `[178, 13]`, classes 0 … 2). @throws Error naming the file when it is not right. */
export const loadWine = (run: { load(path: string): Promise<ArrayBuffer> }): Promise<Table> =>
  loadTable(run, { file: 'wine/wine.csv', bytes: 11_302, rows: 178, columns: 13, classes: 3 });
