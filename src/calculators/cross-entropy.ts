/** The loss −log p of one sample beside −p log p, and how each pulls on the score of the true class. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import type { WorkedStep } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

const BASES = {
  e: { size: Math.E, log: '\\ln', unit: '奈特' },
  two: { size: 2, log: '\\log_2', unit: '比特' },
  ten: { size: 10, log: '\\log_{10}', unit: '十进位' },
} as const;
type Base = (typeof BASES)[keyof typeof BASES];

const isBase = (name: string): name is keyof typeof BASES => name in BASES;
/** Zero instead of −0 for p = 1. */
const logarithm = (p: number, { size }: Base): number => Math.log(p) / Math.log(size) + 0;

/** −p log p, which is 0 for p = 0, its limit. */
const printed = (p: number, base: Base): number => (p === 0 ? 0 : -p * logarithm(p, base) + 0);

const GRID = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
/** What the document prints for its two cases. */
const PRINTED = [
  [0.8, 0.22],
  [0.2, 0.69],
] as const;

export default defineCalculator({
  title: '一个样本的交叉熵：−log p 和 −p log p',
  summary: '填真正那一类得到的概率，换对数的底，看两个式子各给多少、各往哪边推。',
  inputs: {
    p: { symbol: 'p', label: '真正那一类的概率', default: 0.8, min: 1e-6, max: 1 },
    base: {
      label: '对数的底',
      default: 'e',
      options: { e: '自然对数 ln（奈特）', two: '以 2 为底（比特）', ten: '以 10 为底' },
    },
  },
  compute({ p, base: name }) {
    const base = isBase(name) ? BASES[name] : BASES.e;
    const loss = Math.abs(logarithm(p, base));
    const term = printed(p, base);
    const entropy = term + printed(1 - p, base);
    const scale = 1 / Math.log(base.size);
    const pull = -(p - 1) * scale;
    const termPull = p * (1 - p) * (Math.log(p) + 1) * scale;
    const steps: WorkedStep[] = [
      {
        text: '标签是独热的：真正那一类写 1，别的写 0。求和只剩一项，前面的系数是标签 1。',
        tex: `-\\sum_k y_k ${base.log} p_k = -1 \\times ${base.log} ${tex(p)} = ${tex(loss)}`,
      },
      {
        text: '文档把系数 1 换成了概率 p，成了熵里的一项。',
        tex: `-p ${base.log} p = -${tex(p)} \\times ${base.log} ${tex(p)} = ${tex(term)}`,
      },
      {
        text: '两类的这种项加起来是预测自己的熵，只说它有多犹豫，不问对错。',
        tex: `-p ${base.log} p - (1 - p) ${base.log} (1 - p) = ${tex(entropy)}`,
      },
      {
        text: '梯度下降把真正那一类的打分 z 往哪边推：损失对 z 的导数变号。−log p 永远往上推。',
        tex: `-\\frac{\\partial}{\\partial z}(-\\ln p) \\cdot ${tex(scale)} = (1 - p) \\cdot ${tex(scale)} = ${tex(pull)}`,
      },
      {
        text: '文档的式子在 p 小于 1/e ≈ 0.368 时往下推，把本来就小的概率推得更小。',
        tex: `-\\frac{\\partial}{\\partial z}(-p \\ln p) \\cdot ${tex(scale)} = p(1 - p)(1 + \\ln p) \\cdot ${tex(scale)} = ${tex(termPull)}`,
      },
    ];
    return {
      steps,
      results: {
        loss: { label: '交叉熵 −log p', value: loss, digits: 10, unit: base.unit, mark: 'right' },
        printed: { label: '文档的 −p log p', value: term, digits: 10, mark: 'wrong' },
        entropy: { label: '预测的熵', value: entropy, digits: 6, unit: base.unit },
        pull: { label: '−log p 对打分的推力', value: pull, digits: 6 },
        printedPull: { label: '−p log p 对打分的推力', value: termPull, digits: 6 },
      },
      views: [
        {
          kind: 'curve',
          title: '两个式子随 p 变',
          x: { label: '真正那一类的概率 p', min: 0, max: 1 },
          y: { label: base.unit, min: 0 },
          series: [
            { label: '−log p', xs: GRID, ys: GRID.map((at) => Math.abs(logarithm(at, base))) },
            { label: '−p log p', xs: GRID, ys: GRID.map((at) => printed(at, base)) },
          ],
        },
        {
          kind: 'table',
          title: '文档的两道题',
          columns: ['p', '印的得数', '所印式子 −p ln p', '−ln p', '−log₂ p', '−log₁₀ p'],
          rows: PRINTED.map(([at, result]) => [
            at,
            result,
            ...[
              printed(at, BASES.e),
              ...[BASES.e, BASES.two, BASES.ten].map((b) => -logarithm(at, b)),
            ].map((value) => Number(value.toFixed(4))),
          ]),
        },
      ],
    };
  },
});
