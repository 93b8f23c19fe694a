/** What a budget buys: the compute, and how it is split between parameters and tokens. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { CHIPS, PUBLISHED_RUNS, trainingFlops, type Chip } from './facts/published-runs.ts';
import { tex } from './notation/numbers.ts';

const HOUR = 3600;
const CHIP_LIST: Readonly<Record<string, Chip>> = CHIPS;
const BUDGETS = [1e3, 1e4, 5e4, 1e6, 5e6, 1e8] as const;

/** Floating-point operations that `money` buys, at `speed` TFLOP/s really done and `price` an hour. */
const bought = (money: number, speed: number, price: number): number =>
  (money / price) * HOUR * speed * 1e12;

/** The N of C = 6·N·(ratio·N). */
const sizeFor = (flops: number, ratio: number): number => Math.sqrt(flops / (6 * ratio));

export default defineCalculator({
  title: '一笔钱训练多大的模型，要多少数据',
  summary: '由预算算出能买到的运算量，再按“每个参数配多少词元”分给参数和数据。',
  inputs: {
    budget: { symbol: 'B', label: '预算，万美元', default: 100, min: 1e-4, max: 1e7 },
    chip: {
      label: '芯片（稠密 BF16 峰值，TFLOP/s）',
      default: 'a100',
      options: Object.fromEntries(
        Object.entries(CHIP_LIST).map(([id, chip]) => [id, `${chip.name}，${chip.peak}`]),
      ),
    },
    utilisation: { symbol: 'u', label: '利用率，%', default: 40, min: 0.01, max: 100 },
    price: { symbol: 'c', label: '一个芯片小时多少美元', default: 2, min: 0.001, max: 1000 },
    ratio: {
      symbol: 'r',
      label: '每个参数配几个词元',
      default: 20,
      min: 0.01,
      max: 100000,
    },
  },
  compute({ budget, chip, utilisation, price, ratio }) {
    const peak = CHIP_LIST[chip]?.peak ?? CHIPS.a100.peak;
    const speed = (peak * utilisation) / 100;
    const money = budget * 1e4;
    const flops = bought(money, speed, price);
    const hours = money / price;
    const size = sizeFor(flops, ratio);
    const tokens = ratio * size;
    const ends = [...PUBLISHED_RUNS.map((run) => trainingFlops(run.parameters, run.tokens)), flops];
    const line = [Math.min(...ends) / 10, Math.max(...ends) * 10];

    return {
      steps: [
        {
          text: '钱能买多少芯片小时。',
          tex: `\\frac{B}{c} = \\frac{${tex(money)}}{${tex(price)}} = ${tex(Number(hours.toPrecision(6)))}\\ \\text{小时}`,
        },
        {
          text: '这些小时能做多少次运算：峰值乘利用率乘秒数。',
          tex: `C = ${tex(Number(hours.toPrecision(6)))} \\times 3600 \\times ${tex(peak)} \\times 10^{12} \\times ${tex(utilisation)}\\% = ${tex(flops, 5)}`,
        },
        {
          text: '把词元写成参数的倍数，代入 6ND。',
          tex: `C = 6N \\cdot rN = ${tex(6 * ratio)}\\,N^2`,
        },
        {
          text: '解出参数量。',
          tex: `N = \\sqrt{\\frac{C}{6r}} = \\sqrt{\\frac{${tex(flops, 5)}}{${tex(6 * ratio)}}} = ${tex(size, 4)}`,
        },
        {
          text: '词元跟着定下来。',
          tex: `D = rN = ${tex(ratio)} \\times ${tex(size, 4)} = ${tex(tokens, 4)}`,
        },
      ],
      results: {
        flops: { label: '买到的运算量', value: flops, digits: 'exponent', unit: '次' },
        hours: {
          label: '芯片小时',
          value: hours,
          digits: hours < 100 ? 2 : 0,
          unit: '小时',
        },
        parameters: {
          label: '参数量',
          value: size / 1e8,
          digits: size < 1e7 ? 4 : 1,
          unit: '亿',
        },
        tokens: {
          label: '要的词元',
          value: tokens / 1e8,
          digits: tokens < 1e7 ? 4 : 0,
          unit: '亿',
        },
      },
      views: [
        {
          kind: 'points',
          title: '公开的训练把运算量分给了多少参数',
          x: { label: '运算量 C = 6ND', scale: 'log' },
          y: { label: '参数量 N', scale: 'log' },
          points: [
            {
              label: '公开的训练',
              group: 0,
              xs: PUBLISHED_RUNS.map((run) => trainingFlops(run.parameters, run.tokens)),
              ys: PUBLISHED_RUNS.map((run) => run.parameters),
            },
            { label: '你的预算', group: 1, xs: [flops], ys: [size] },
          ],
          lines: [
            {
              label: `每个参数 ${ratio} 个词元`,
              xs: line,
              ys: line.map((at) => sizeFor(at, ratio)),
            },
          ],
        },
        {
          kind: 'table',
          title: '不同的预算，同样的芯片、利用率、单价和配比',
          columns: ['预算，万美元', '参数，亿', '词元，亿', '芯片小时，万'],
          rows: BUDGETS.map((each) => {
            const n = sizeFor(bought(each, speed, price), ratio);
            return [each / 1e4, n / 1e8, (ratio * n) / 1e8, each / price / 1e4];
          }),
        },
        {
          kind: 'table',
          title: '公开的训练，每个参数读了几个词元',
          columns: ['模型', '参数，亿', '词元，亿', '词元 ÷ 参数'],
          rows: [...PUBLISHED_RUNS]
            .sort((a, b) => a.tokens / a.parameters - b.tokens / b.parameters)
            .map((run) => [
              run.model,
              run.parameters / 1e8,
              run.tokens / 1e8,
              run.tokens / run.parameters,
            ]),
        },
      ],
    };
  },
});
