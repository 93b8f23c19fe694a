/** How much memory a model needs to answer and to be trained, by precision. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

/** Decimal: 1 GB is 10⁹ bytes, as the sizes of cards and files are sold. */
const GB = 1e9;

/** Bytes per weight when a model only answers. */
const PRECISIONS = {
  fp32: { name: '32 位浮点', bytes: 4 },
  fp16: { name: '16 位浮点', bytes: 2 },
  int8: { name: '8 位整数', bytes: 1 },
  int4: { name: '4 位整数', bytes: 0.5 },
} as const;
type Precision = (typeof PRECISIONS)[keyof typeof PRECISIONS];
const PRECISION_LIST: Readonly<Record<string, Precision>> = PRECISIONS;

interface Part {
  readonly name: string;
  readonly bytes: number;
}

/** Bytes per weight that each way of training keeps between steps; activations come on top. */
const METHODS: Readonly<Record<string, { readonly name: string; readonly parts: Part[] }>> = {
  mixed: {
    name: 'Adam，混合精度',
    parts: [
      { name: '16 位权重', bytes: 2 },
      { name: '16 位梯度', bytes: 2 },
      { name: '32 位权重', bytes: 4 },
      { name: 'Adam 的一阶矩', bytes: 4 },
      { name: 'Adam 的二阶矩', bytes: 4 },
    ],
  },
  adam: {
    name: 'Adam，全用 32 位',
    parts: [
      { name: '权重', bytes: 4 },
      { name: '梯度', bytes: 4 },
      { name: 'Adam 的一阶矩', bytes: 4 },
      { name: 'Adam 的二阶矩', bytes: 4 },
    ],
  },
  momentum: {
    name: 'SGD 加动量，32 位',
    parts: [
      { name: '权重', bytes: 4 },
      { name: '梯度', bytes: 4 },
      { name: '动量', bytes: 4 },
    ],
  },
  sgd: {
    name: 'SGD，32 位',
    parts: [
      { name: '权重', bytes: 4 },
      { name: '梯度', bytes: 4 },
    ],
  },
};

const digitsFor = (gigabytes: number): number => (gigabytes < 10 ? 2 : gigabytes < 1000 ? 1 : 0);

export default defineCalculator({
  title: '显存：回答要多少，训练要多少',
  summary: '由参数量和精度算出放下一个模型要多少显存，训练又要多少，各要几块卡。',
  inputs: {
    parameters: {
      symbol: 'N',
      label: '参数量，亿（混合专家算全部）',
      default: 1750,
      min: 1e-8,
      max: 1e6,
    },
    precision: {
      label: '回答时的精度',
      default: 'fp16',
      options: Object.fromEntries(
        Object.entries(PRECISION_LIST).map(([id, { name, bytes }]) => [
          id,
          `${name}，每个参数 ${bytes} 字节`,
        ]),
      ),
    },
    method: {
      label: '训练的办法',
      default: 'mixed',
      options: Object.fromEntries(
        Object.entries(METHODS).map(([id, { name, parts }]) => [
          id,
          `${name}，每个参数 ${parts.reduce((sum, part) => sum + part.bytes, 0)} 字节`,
        ]),
      ),
    },
    card: { symbol: 'M', label: '一块卡的显存，GB', default: 80, min: 0.01, max: 10000 },
    layers: { symbol: 'L', label: '层数', default: 96, min: 1, max: 1000, integer: true },
    keys: {
      symbol: 'd_k',
      label: '一层里所有键的宽度',
      default: 12288,
      min: 1,
      max: 100000,
      integer: true,
    },
    context: {
      symbol: 'n',
      label: '每个对话有几个词元',
      default: 2048,
      min: 1,
      max: 10000000,
      integer: true,
    },
    users: { symbol: 'b', label: '同时几个对话', default: 1, min: 1, max: 100000, integer: true },
  },
  compute({ parameters, precision, method, card, layers, keys, context, users }) {
    const { name, bytes } = PRECISION_LIST[precision] ?? PRECISIONS.fp16;
    const { parts } = METHODS[method] ?? { parts: [] };
    const n = parameters * 1e8;
    const weights = (n * bytes) / GB;
    // the usual case: keys and values stay in 16 bits, whatever the weights are stored in
    const cache = (2 * layers * keys * context * users * 2) / GB;
    const perWeight = parts.reduce((sum, part) => sum + part.bytes, 0);
    const training = (n * perWeight) / GB;
    const cards = (gigabytes: number): number => Math.ceil(gigabytes / card);
    const sizes = [1e8, 1e9, 1e10, 1e11, 1e12];

    return {
      steps: [
        {
          text: `回答：每个参数 ${bytes} 字节（${name}）。`,
          tex: `${tex(n)} \\times ${bytes} = ${tex(n * bytes, 4)}\\ \\text{字节} = ${tex(weights, 4)}\\ \\text{GB}`,
        },
        {
          text: '回答时还要记住每个词元的键和值，各 2 字节。',
          tex: `2 L d_k \\, n \\, b \\times 2 = 2 \\times ${layers} \\times ${keys} \\times ${context} \\times ${users} \\times 2 = ${tex(cache, 4)}\\ \\text{GB}`,
        },
        {
          text: '训练：权重、梯度和优化器的状态都要留着。',
          tex: `${tex(n)} \\times (${parts.map((part) => part.bytes).join(' + ')}) = ${tex(training, 4)}\\ \\text{GB}`,
        },
        {
          text: '要几块卡，除不尽就进一。',
          tex: `\\left\\lceil \\frac{${tex(weights + cache, 4)}}{${tex(card)}} \\right\\rceil = ${cards(weights + cache)}, \\qquad \\left\\lceil \\frac{${tex(training, 4)}}{${tex(card)}} \\right\\rceil = ${cards(training)}`,
        },
      ],
      results: {
        weights: { label: '权重', value: weights, digits: digitsFor(weights), unit: 'GB' },
        cache: { label: '键和值的缓存', value: cache, digits: digitsFor(cache), unit: 'GB' },
        inference: {
          label: '回答一共',
          value: weights + cache,
          digits: digitsFor(weights + cache),
          unit: 'GB',
        },
        inferenceCards: {
          label: '回答要的卡',
          value: cards(weights + cache),
          digits: 0,
          unit: '块',
        },
        training: {
          label: '训练（不算中间结果）',
          value: training,
          digits: digitsFor(training),
          unit: 'GB',
        },
        trainingCards: {
          label: '训练至少要的卡',
          value: cards(training),
          digits: 0,
          unit: '块',
        },
        ratio: { label: '训练是回答的权重的几倍', value: perWeight / bytes, digits: 0 },
      },
      views: [
        {
          kind: 'curve',
          title: '参数量和显存：线低于“一块卡”的部分，一块卡放得下',
          x: { label: '参数量 N', scale: 'log' },
          y: { label: '显存，GB', scale: 'log' },
          series: [
            ...[
              { label: `训练，${perWeight} 字节`, each: perWeight },
              ...Object.values(PRECISION_LIST).map((p) => ({ label: p.name, each: p.bytes })),
            ].map(({ label, each }) => ({
              label,
              xs: sizes,
              ys: sizes.map((size) => (size * each) / GB),
            })),
            { label: '一块卡', xs: [1e8, 1e12], ys: [card, card] },
          ],
        },
        {
          kind: 'table',
          title: '同一个模型，换精度',
          columns: ['做什么', '每个参数，字节', '显存，GB', `卡，每块 ${card} GB`],
          rows: [
            ...Object.values(PRECISION_LIST).map((p) => [
              `回答，${p.name}`,
              p.bytes,
              (n * p.bytes) / GB,
              cards((n * p.bytes) / GB),
            ]),
            ...Object.values(METHODS).map((m) => {
              const each = m.parts.reduce((sum, part) => sum + part.bytes, 0);
              return [`训练，${m.name}`, each, (n * each) / GB, cards((n * each) / GB)];
            }),
          ],
        },
      ],
    };
  },
});
