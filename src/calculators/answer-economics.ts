/** What it costs to let a model answer some questions and people the rest. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { CHIPS, type Chip } from './facts/published-runs.ts';
import { tex } from './notation/numbers.ts';

const CHIP_LIST: Readonly<Record<string, Chip>> = CHIPS;
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

export default defineCalculator({
  title: '一个问题让模型答，省多少',
  summary: '把机器、人工和答错的赔偿放在一起：肯答几成、答对几成、错一次多贵，省的钱就定了。',
  inputs: {
    parameters: {
      symbol: 'N',
      label: '参数量，亿（混合专家只算激活的）',
      default: 70,
      min: 0.001,
      max: 1e5,
    },
    tokens: { symbol: 'T', label: '一次读写几个词元', default: 1500, min: 1, max: 1e7 },
    chip: {
      label: '芯片（稠密 BF16 峰值，TFLOP/s）',
      default: 'a100',
      options: Object.fromEntries(
        Object.entries(CHIP_LIST).map(([id, { name, peak }]) => [id, `${name}，${peak}`]),
      ),
    },
    utilisation: { symbol: 'u', label: '利用率，%', default: 10, min: 0.01, max: 100 },
    price: { symbol: 'c', label: '一个芯片小时多少元', default: 15, min: 0, max: 1e5 },
    answered: { symbol: 'a', label: '模型肯答几成，%', default: 58, min: 1, max: 100 },
    right: { symbol: 'r', label: '肯答的里面对几成，%', default: 93, min: 0, max: 100 },
    person: { symbol: 'h', label: '人答一个多少元', default: 2, min: 0, max: 1e6 },
    wrong: { symbol: 'e', label: '答错一个赔多少元', default: 10, min: 0.01, max: 1e8 },
  },
  compute({ parameters, tokens, chip, utilisation, price, answered, right, person, wrong }) {
    const peak = CHIP_LIST[chip]?.peak ?? CHIPS.a100.peak;
    const [a, r] = [answered / 100, right / 100];
    const flops = 2 * parameters * 1e8 * tokens;
    const seconds = flops / ((peak * 1e12 * utilisation) / 100);
    const machine = (seconds / 3600) * price;
    // Every question is read by the model, and those it does not answer by a person too.
    const cost = (share: number, correct: number): number =>
      machine + (1 - share) * person + share * (1 - correct) * wrong;
    const [people, errors] = [(1 - a) * person, a * (1 - r) * wrong];
    const total = cost(a, r);
    const needed = 1 - (person - machine / a) / wrong;
    return {
      steps: [
        {
          text: '一次回答的运算量：每个词元约 2N 次。',
          tex: `2NT = 2 \\times ${tex(parameters * 1e8, 3)} \\times ${tex(tokens)} = ${tex(flops, 3)}`,
        },
        {
          text: '除以芯片真正的速度，乘单价，是一次的机器钱。',
          tex: `m = \\frac{${tex(flops, 3)}}{${tex(peak)} \\times 10^{12} \\times ${tex(utilisation)}\\%} \\times \\frac{${tex(price)}}{3600} = ${tex(machine, 4)}\\ \\text{元}`,
        },
        {
          text: '不肯答的交给人；肯答而答错的要赔。',
          tex: `m + (1-a)h + a(1-r)e = ${tex(machine, 4)} + ${tex(people, 4)} + ${tex(errors, 4)} = ${tex(total, 4)}\\ \\text{元}`,
        },
        {
          text: '和全由人答一样贵时，肯答的里面要对几成。',
          tex: `r^{*} = 1 - \\frac{h - m/a}{e} = ${tex(needed, 4)}`,
        },
      ],
      results: {
        machine: { label: '一次的机器钱', value: machine, digits: 5, unit: '元' },
        total: { label: '一个问题一共', value: total, digits: 3, unit: '元' },
        saved: { label: '每个问题比全由人答省', value: person - total, digits: 3, unit: '元' },
        needed: { label: '不亏要对几成', value: 100 * needed, digits: 1, unit: '%' },
        errors: { label: '其中答错的赔偿', value: errors, digits: 3, unit: '元' },
      },
      views: [
        {
          kind: 'curve',
          title: '肯答的越多，一个问题多少钱',
          x: { label: '肯答几成', min: 0, max: 1 },
          y: { label: '一个问题，元', min: 0 },
          series: [
            { label: '按填的对几成', xs: SHARES, ys: SHARES.map((share) => cost(share, r)) },
            {
              label: '肯答的里面只对八成',
              xs: SHARES,
              ys: SHARES.map((share) => cost(share, 0.8)),
            },
            { label: '全由人答', xs: SHARES, ys: SHARES.map(() => person) },
          ],
        },
      ],
    };
  },
});
