/** Reads the 569 biopsies of `public/datasets/breast-cancer`: 30 measurements of cell nuclei each, 1 malignant, 0 benign. */
import { loadTable, type Table } from './table.ts';

const SHAPES = [
  '半径',
  '纹理',
  '周长',
  '面积',
  '光滑度',
  '紧密度',
  '凹度',
  '凹点',
  '对称性',
  '分形维数',
] as const;

/** What the 30 columns are, in Chinese and in the file's order: 平均半径 … 最差分形维数. */
export const CANCER_FEATURES: readonly string[] = ['平均', '标准误', '最差'].flatMap((kind) =>
  SHAPES.map((shape) => (kind === '标准误' ? `${shape}标准误` : `${kind}${shape}`)),
);

/** Loads the biopsies (`x` `[569, 30]`, classes 0 … 1). @throws Error naming the file when it is not right. */
export const loadBreastCancer = (run: {
  load(path: string): Promise<ArrayBuffer>;
}): Promise<Table> =>
  loadTable(run, {
    ...{ file: 'breast-cancer/breast-cancer.csv', bytes: 120_380 },
    ...{ rows: 569, columns: 30, classes: 2 },
  });
