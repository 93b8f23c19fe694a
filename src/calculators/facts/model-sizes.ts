/** How many parameters known models have, and from which number on the five documents call a model large. */

export interface SizedModel {
  readonly name: string;
  /** All parameters, also those that one token does not use. */
  readonly parameters: number;
  /** `document`: a program printed in one of the five documents, corrected. */
  readonly kind: 'document' | 'published';
  /** Keys of `content/references.bib`. */
  readonly sources: readonly string[];
}

/** By size. BERT, GPT-2, GPT-3, Mistral and Mixtral are counted by formula from their published shapes. */
export const MODEL_SIZES: readonly SizedModel[] = [
  { name: '文档 000 的程序：一条直线', parameters: 2, kind: 'document', sources: [] },
  { name: '文档 004 的程序：softmax 回归', parameters: 7850, kind: 'document', sources: [] },
  { name: '文档 001 的程序：手写数字', parameters: 9610, kind: 'document', sources: [] },
  { name: '文档 003 的程序：卷积网络', parameters: 122_570, kind: 'document', sources: [] },
  { name: '文档 002 的程序：LSTM', parameters: 1_675_778, kind: 'document', sources: [] },
  {
    name: 'BERT-base',
    parameters: 109_482_240,
    kind: 'published',
    sources: ['devlin2019bert'],
  },
  {
    name: 'BERT-large',
    parameters: 335_141_888,
    kind: 'published',
    sources: ['devlin2019bert'],
  },
  { name: 'GPT-2', parameters: 1_557_611_200, kind: 'published', sources: ['radford2019gpt2'] },
  { name: 'ChatGLM-6B', parameters: 6.2e9, kind: 'published', sources: ['repo-chatglm6b'] },
  {
    name: 'Mistral 7B',
    parameters: 7_241_732_096,
    kind: 'published',
    sources: ['jiang2023mistral'],
  },
  {
    name: 'Mixtral 8x7B',
    parameters: 46_702_792_704,
    kind: 'published',
    sources: ['jiang2024mixtral'],
  },
  { name: 'GPT-3', parameters: 174_604_259_328, kind: 'published', sources: ['brown2020language'] },
  {
    name: 'PaLM-540B',
    parameters: 540.35e9,
    kind: 'published',
    sources: ['chowdhery2023palm'],
  },
  { name: 'DeepSeek-V3', parameters: 671e9, kind: 'published', sources: ['repo-deepseekv3'] },
];

/** One document's rule. A range is read generously: “tens of 亿” begins at 10 亿 and ends below 100 亿. */
export interface SizeRule {
  readonly document: string;
  /** What it says, in few of its words. */
  readonly says: string;
  /** From `from` to below `to` parameters; absent where no number is given. */
  readonly range?: { readonly from: number; readonly to: number };
}

export const SIZE_RULES: readonly SizeRule[] = [
  { document: '文档 000', says: '多层神经元，没有数' },
  { document: '文档 001', says: '数十亿到数百亿', range: { from: 1e9, to: 1e11 } },
  { document: '文档 002', says: '参数规模庞大，没有数' },
  { document: '文档 003', says: '数百万到数十亿', range: { from: 1e6, to: 1e10 } },
  { document: '文档 004', says: '数十亿', range: { from: 1e9, to: 1e10 } },
];
