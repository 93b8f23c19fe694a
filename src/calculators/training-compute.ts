/** What a training run computes, 6ND, and how many clock cycles of a chip that is. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { CHIPS, PUBLISHED_RUNS, trainingFlops } from './facts/published-runs.ts';
import { tex } from './notation/numbers.ts';

const DAY = 86_400;
/** 64-128-10 on 1,438 digits, ten epochs. */
const DIGITS = { parameters: 9610, flops: trainingFlops(9610, 14_380) } as const;
const SIZES = [1e3, 1e4, 1e6, 1e8, 1e10, 1e13] as const;

export default defineCalculator({
  title: '训练要算多少次，合多少个时钟周期',
  summary: '由参数量和词元数算出总运算量，再看一块芯片的若干个时钟周期够算多少。',
  inputs: {
    parameters: {
      symbol: 'N',
      label: '参数量，亿（混合专家只算激活的）',
      default: 1750,
      min: 1e-8,
      max: 1e6,
    },
    tokens: {
      symbol: 'D',
      label: '训练样本或词元，亿（多轮要乘轮数）',
      default: 3000,
      min: 1e-8,
      max: 1e8,
    },
    cycles: { symbol: 'k', label: '时钟周期数', default: 10000, min: 1, max: 1e30 },
    clock: { symbol: 'f', label: '芯片的时钟，GHz', default: 1.41, min: 0.001, max: 100 },
    peak: {
      symbol: 'F',
      label: '芯片的峰值，TFLOP/s',
      default: CHIPS.a100.peak,
      min: 1e-6,
      max: 1e6,
    },
    utilisation: { symbol: 'u', label: '利用率，%', default: 40, min: 0.01, max: 100 },
  },
  compute({ parameters, tokens, cycles, clock, peak, utilisation }) {
    const n = parameters * 1e8;
    const d = tokens * 1e8;
    const flops = trainingFlops(n, d);
    const seconds = cycles / (clock * 1e9);
    const possible = seconds * peak * 1e12;
    const perCycle = ((peak * utilisation) / 100 / clock) * 1e3;
    const needed = flops / perCycle;
    const years = flops / (peak * 1e12 * (utilisation / 100)) / DAY / 365;

    return {
      steps: [
        {
          text: '每个参数、每个词元，前向 2 次运算，反向 4 次。',
          tex: `C = 6ND = 6 \\times (${tex(parameters)} \\times 10^8) \\times (${tex(tokens)} \\times 10^8) = ${tex(flops, 5)}`,
        },
        {
          text: '这些时钟周期合多少秒。',
          tex: `t = \\frac{k}{f} = \\frac{${tex(cycles)}}{${tex(clock)} \\times 10^9} = ${tex(seconds)}\\ \\text{秒}`,
        },
        {
          text: '就算每个周期都跑满峰值，能做的运算。',
          tex: `tF = ${tex(seconds)} \\times ${tex(peak)} \\times 10^{12} = ${tex(possible, 5)}`,
        },
        {
          text: '按利用率，一个周期平均做的运算。',
          tex: `\\frac{uF}{f} = \\frac{${tex(utilisation)}\\% \\times ${tex(peak)} \\times 10^{12}}{${tex(clock)} \\times 10^9} = ${tex(perCycle)}`,
        },
        {
          text: '总运算量要多少个周期。',
          tex: `\\frac{${tex(flops, 5)}}{${tex(perCycle)}} = ${tex(needed, 5)}`,
        },
      ],
      results: {
        flops: { label: '总运算量', value: flops, digits: 'exponent', unit: '次' },
        petaflopDays: {
          label: '换成 PFLOP/s·天',
          value: flops / (1e15 * DAY),
          digits: flops < 1e18 ? 'exponent' : 1,
        },
        microseconds: {
          label: '填的周期数合',
          value: seconds * 1e6,
          digits: seconds < 1 ? 3 : 'exponent',
          unit: '微秒',
        },
        possible: {
          label: '跑满峰值最多能做',
          value: possible,
          digits: 'exponent',
          unit: '次',
        },
        share: {
          label: '够做这次训练的几倍',
          value: possible / flops,
          digits: possible > flops / 100 ? 2 : 'exponent',
        },
        needed: { label: '真正要的周期', value: needed, digits: 'exponent', unit: '个' },
        years: {
          label: '一块这样的芯片要跑',
          value: years,
          digits: years >= 0.01 ? 2 : 'exponent',
          unit: '年',
        },
      },
      views: [
        {
          kind: 'points',
          title: '公开的训练，和你填的：参数量与总运算量',
          x: { label: '参数量 N', scale: 'log' },
          y: {
            label: '运算量 6ND',
            scale: 'log',
            min: Math.min(DIGITS.flops, flops, possible) / 10,
          },
          points: [
            {
              label: '公开的训练',
              group: 0,
              xs: PUBLISHED_RUNS.map((run) => run.parameters),
              ys: PUBLISHED_RUNS.map((run) => trainingFlops(run.parameters, run.tokens)),
            },
            { label: '你填的', group: 1, xs: [n], ys: [flops] },
            {
              label: '本书的手写数字网络',
              group: 2,
              xs: [DIGITS.parameters],
              ys: [DIGITS.flops],
            },
          ],
          lines: [
            {
              label: '每个参数 20 个词元',
              xs: SIZES,
              ys: SIZES.map((size) => trainingFlops(size, 20 * size)),
            },
            { label: '填的周期数做完的', xs: [1e3, 1e13], ys: [possible, possible] },
          ],
        },
        {
          kind: 'table',
          title: '公开过芯片小时的 A100 训练，用了多少个时钟周期（1.41 GHz）',
          columns: ['模型', '块·小时', '周期'],
          rows: PUBLISHED_RUNS.filter(({ chip }) => chip === 'a100')
            .slice(0, 8)
            .map((run) => [
              run.model,
              run.chipHours.toLocaleString('en-US'),
              (run.chipHours * 3600 * 1.41e9).toExponential(2),
            ]),
        },
      ],
    };
  },
});
