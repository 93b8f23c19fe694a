/** How long and how dear a training run is, by the 6ND rule. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import {
  achievedTflops,
  CHIPS,
  modelFlopUtilisation,
  PUBLISHED_RUNS,
  trainingFlops,
  type Chip,
} from './facts/published-runs.ts';
import { tex } from './notation/numbers.ts';

const HOUR = 3600;
const DAY = 24;
const YEAR = 365 * DAY;
/** The same chip throughout, so that only hours differ. */
const A100_RUNS = PUBLISHED_RUNS.filter(({ chip }) => chip === 'a100');
const SIZES = [1e9, 1e10, 1e11, 1e12] as const;
const CHIP_LIST: Readonly<Record<string, Chip>> = CHIPS;

const chipOptions = Object.fromEntries(
  Object.entries(CHIP_LIST).map(([id, chip]) => [
    id,
    `${chip.name}，${chip.peak}${chip.evidence === 'secondary' ? '（二手资料）' : ''}`,
  ]),
);

/** Digits after the point that leave about four significant ones. */
function digitsFor(value: number): number {
  if (value >= 100) return 1;
  return value >= 1 ? 2 : 4;
}

export default defineCalculator({
  title: '训练要多久，要多少钱',
  summary:
    '由参数量、词元数、芯片和利用率，估出一次预训练的时间和价钱，再换成你这台机器要跑多少年。',
  inputs: {
    parameters: {
      symbol: 'N',
      label: '参数量，亿（混合专家只算激活的）',
      default: 652,
      min: 1e-8,
      max: 1e6,
    },
    tokens: { symbol: 'D', label: '训练词元，亿', default: 14000, min: 1e-6, max: 1e8 },
    chips: { symbol: 'G', label: '芯片数', default: 2048, min: 1, max: 1000000, integer: true },
    chip: {
      label: '芯片（稠密 BF16 峰值，TFLOP/s）',
      default: 'a100',
      options: { ...chipOptions, other: '别的：用下面填的峰值' },
    },
    peak: {
      symbol: 'F',
      label: '自填的峰值，TFLOP/s（选了“别的”才用）',
      default: 100,
      min: 1e-6,
      max: 100000,
    },
    utilisation: { symbol: 'u', label: '利用率，%', default: 47.7, min: 0.01, max: 100 },
    price: { symbol: 'c', label: '一个芯片小时多少美元', default: 2, min: 0, max: 1000 },
    own: { symbol: 'f', label: '你这台机器的速度，GFLOP/s', default: 10, min: 0.001, max: 1e9 },
  },
  compute({ parameters, tokens, chips, chip, peak, utilisation, price, own }) {
    const listed = CHIP_LIST[chip];
    const speed = listed?.peak ?? peak;
    const flops = trainingFlops(parameters * 1e8, tokens * 1e8);
    const achieved = (speed * utilisation) / 100;
    const hours = flops / (achieved * 1e12 * HOUR);
    const days = hours / chips / DAY;
    const money = hours * price;
    const ownYears = flops / (own * 1e9) / HOUR / YEAR;

    return {
      steps: [
        {
          text: '每个参数、每个词元，前向 2 次运算，反向 4 次。',
          tex: `C = 6ND = 6 \\times (${tex(parameters)} \\times 10^8) \\times (${tex(tokens)} \\times 10^8) = ${tex(flops, 5)}`,
        },
        {
          text: '一块芯片每秒真正做的运算：峰值乘利用率。',
          tex: `F u = ${tex(speed)} \\times ${tex(utilisation)}\\% = ${tex(achieved)}\\ \\text{TFLOP/s}`,
        },
        {
          text: '总共要多少芯片小时。',
          tex: `\\frac{C}{F u \\times 3600} = \\frac{${tex(flops, 5)}}{${tex(achieved)} \\times 10^{12} \\times 3600} = ${tex(Number(hours.toPrecision(6)))}\\ \\text{小时}`,
        },
        {
          text: '分给所有芯片，换成天。',
          tex: `\\frac{${tex(Number(hours.toPrecision(6)))}}{${tex(chips)} \\times 24} = ${tex(days, 4)}\\ \\text{天}`,
        },
        {
          text: '按小时付钱。',
          tex: `${tex(Number(hours.toPrecision(6)))} \\times ${tex(price)} = ${tex(Number(money.toPrecision(4)))}\\ \\text{美元}`,
        },
        {
          text: '换成你这台机器，一年按 365 天算。',
          tex: `\\frac{${tex(flops, 5)}}{${tex(own)} \\times 10^{9} \\times 3600 \\times 24 \\times 365} = ${tex(ownYears, 4)}\\ \\text{年}`,
        },
      ],
      results: {
        flops: { label: '总运算量', value: flops, digits: 'exponent', unit: '次' },
        achieved: { label: '每块芯片的实际速度', value: achieved, digits: 1, unit: 'TFLOP/s' },
        hours: {
          label: '芯片小时',
          value: hours,
          digits: hours < 100 ? digitsFor(hours) : 0,
          unit: '小时',
        },
        chipYears: {
          label: '只用一块芯片',
          value: hours / YEAR,
          digits: digitsFor(hours / YEAR),
          unit: '年',
        },
        days: { label: '用上全部芯片', value: days, digits: digitsFor(days), unit: '天' },
        money: { label: '租芯片的钱', value: money, digits: money < 100 ? 2 : 0, unit: '美元' },
        ownYears: {
          label: '在你这台机器上',
          value: ownYears,
          digits: digitsFor(ownYears),
          unit: '年',
        },
      },
      views: [
        {
          kind: 'points',
          title: `参数量和价钱：${listed?.name ?? '自填的芯片'}，利用率 ${utilisation} %，每小时 ${price} 美元`,
          x: { label: '参数量 N', scale: 'log' },
          y: {
            label: '美元',
            scale: 'log',
            ...(price > 0 && { min: (trainingFlops(1e9, 1e9) / (achieved * 1e12 * HOUR)) * price }),
          },
          points: [
            {
              label: '公开的 A100 训练，块·小时乘同样的单价',
              group: 0,
              xs: A100_RUNS.map((run) => run.parameters),
              ys: A100_RUNS.map((run) => run.chipHours * price),
            },
            { label: '你填的', group: 1, xs: [parameters * 1e8], ys: [money] },
          ],
          lines: [
            { label: '微调，10 亿词元', tokensFor: () => 1e9 },
            { label: '从头训练，每个参数 20 个词元', tokensFor: (size: number) => 20 * size },
            { label: '从头训练，2 万亿词元', tokensFor: () => 2e12 },
          ].map(({ label, tokensFor }) => ({
            label,
            xs: SIZES,
            ys: SIZES.map(
              (size) => (trainingFlops(size, tokensFor(size)) / (achieved * 1e12 * HOUR)) * price,
            ),
          })),
        },
        {
          kind: 'table',
          title: '公开过芯片小时数的训练，和你填的比',
          columns: ['模型', '芯片', 'N，亿', 'D，亿', '芯片小时，万', '每片 TFLOP/s', '利用率，%'],
          rows: [
            [
              '你填的',
              listed?.name ?? '自填',
              parameters,
              tokens,
              hours / 1e4,
              achieved,
              utilisation,
            ],
            ...PUBLISHED_RUNS.map((run) => [
              run.model,
              CHIPS[run.chip].name,
              run.parameters / 1e8,
              run.tokens / 1e8,
              run.chipHours / 1e4,
              achievedTflops(run),
              100 * modelFlopUtilisation(run),
            ]),
          ],
        },
      ],
    };
  },
});
