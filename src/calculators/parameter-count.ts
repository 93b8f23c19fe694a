/** Counts the parameters of a Transformer from its shape, term by term. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

/** One term of the count: what it is, how it is computed, and the number. */
interface Part {
  readonly name: string;
  /** The formula in letters and then in the reader's numbers, KaTeX source without the result. */
  readonly letters: string;
  readonly numbers: string;
  readonly count: number;
  /** How many of `count` one token uses; all of them when absent. */
  readonly active?: number;
}

interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly context: number;
  /** Width of the feed-forward layer. */
  readonly feed: number;
  /** Width of all keys together: width · keyHeads / heads. */
  readonly keys: number;
  readonly experts: number;
  readonly chosen: number;
}

/** Attention and feed-forward of one GPT or BERT block, with biases and two layer norms. */
function classicBlocks({ layers: L, width: d, feed: f }: Shape): Part[] {
  return [
    {
      name: '注意力的四个方阵和偏置',
      letters: 'L(4d^2 + 4d)',
      numbers: `${L}(4 \\times ${d}^2 + 4 \\times ${d})`,
      count: L * (4 * d * d + 4 * d),
    },
    {
      name: '前馈层的两个矩阵和偏置',
      letters: 'L(2 d d_f + d_f + d)',
      numbers: `${L}(2 \\times ${d} \\times ${f} + ${f} + ${d})`,
      count: L * (2 * d * f + f + d),
    },
    {
      name: '每层两次层归一化',
      letters: 'L \\cdot 4d',
      numbers: `${L} \\times 4 \\times ${d}`,
      count: L * 4 * d,
    },
  ];
}

/** Brown et al. (2020), GPT-2 layout: learned positions, output tied to the embedding, a last layer norm. */
function gpt(shape: Shape): Part[] {
  const { width: d, vocabulary: V, context: n } = shape;
  return [
    { name: '词嵌入', letters: 'V d', numbers: `${V} \\times ${d}`, count: V * d },
    { name: '位置嵌入', letters: 'n d', numbers: `${n} \\times ${d}`, count: n * d },
    ...classicBlocks(shape),
    { name: '最后的层归一化', letters: '2d', numbers: `2 \\times ${d}`, count: 2 * d },
  ];
}

/** Devlin et al. (2019): two segment types, a layer norm on the embeddings, a pooler; no head. */
function bert(shape: Shape): Part[] {
  const { width: d, vocabulary: V, context: n } = shape;
  return [
    { name: '词嵌入', letters: 'V d', numbers: `${V} \\times ${d}`, count: V * d },
    { name: '位置嵌入', letters: 'n d', numbers: `${n} \\times ${d}`, count: n * d },
    { name: '两种句段的嵌入', letters: '2d', numbers: `2 \\times ${d}`, count: 2 * d },
    { name: '嵌入后的层归一化', letters: '2d', numbers: `2 \\times ${d}`, count: 2 * d },
    ...classicBlocks(shape),
    { name: '池化层', letters: 'd^2 + d', numbers: `${d}^2 + ${d}`, count: d * d + d },
  ];
}

/** Mistral layout: grouped keys, gated feed-forward, no biases, rotary positions, untied output; experts. */
function llama({
  layers: L,
  width: d,
  vocabulary: V,
  feed: f,
  keys,
  experts: E,
  chosen,
}: Shape): Part[] {
  const expert = 3 * d * f;
  const router =
    E === 1
      ? []
      : [
          {
            name: '选专家的路由',
            letters: 'L E d',
            numbers: `${L} \\times ${E} \\times ${d}`,
            count: L * E * d,
          },
        ];
  return [
    {
      name: '词嵌入和输出层',
      letters: '2 V d',
      numbers: `2 \\times ${V} \\times ${d}`,
      count: 2 * V * d,
    },
    {
      name: '注意力：查询、输出是方阵，键、值变窄',
      letters: 'L(2d^2 + 2 d d_k)',
      numbers: `${L}(2 \\times ${d}^2 + 2 \\times ${d} \\times ${keys})`,
      count: L * (2 * d * d + 2 * d * keys),
    },
    {
      name: E === 1 ? '带门的前馈层，三个矩阵' : '带门的前馈层，每个专家三个矩阵',
      letters: E === 1 ? 'L \\cdot 3 d d_f' : 'L E \\cdot 3 d d_f',
      numbers: `${E === 1 ? L : `${L} \\times ${E}`} \\times 3 \\times ${d} \\times ${f}`,
      count: L * E * expert,
      active: L * chosen * expert,
    },
    ...router,
    {
      name: '归一化',
      letters: '2 L d + d',
      numbers: `2 \\times ${L} \\times ${d} + ${d}`,
      count: 2 * L * d + d,
    },
  ];
}

/** The listing's `Dense(1)` on `width` features. */
function linear({ width: d }: Shape): Part[] {
  return [
    { name: '权重，每个特征一个', letters: 'd', numbers: String(d), count: d },
    { name: '偏置', letters: '1', numbers: '1', count: 1 },
  ];
}

/** The sum of all terms, three to a line. */
function sumTex(counts: readonly number[], total: number): string {
  const lines: string[] = [];
  for (let at = 0; at < counts.length; at += 3) {
    const terms = counts.slice(at, at + 3).map((count) => tex(count));
    lines.push(`${at === 0 ? 'N &= ' : '&\\quad + '}${terms.join(' + ')}`);
  }
  return `\\begin{aligned} ${lines.join(' \\\\ ')} \\\\ &= ${tex(total)} \\end{aligned}`;
}

const FORMS: Readonly<Record<string, (shape: Shape) => Part[]>> = { gpt, bert, llama, linear };

export default defineCalculator({
  title: '数一数参数',
  summary: '从层数、宽度、词表算出一个 Transformer 的参数量，每一项都列出来。',
  inputs: {
    form: {
      label: '结构',
      default: 'gpt',
      options: {
        gpt: 'GPT 式（GPT-2、GPT-3）',
        bert: 'BERT 式',
        llama: 'LLaMA 式（Mistral、Mixtral）',
        linear: '线性回归（只看宽度 d）',
      },
    },
    layers: { symbol: 'L', label: '层数', default: 96, min: 1, max: 1000, integer: true },
    width: { symbol: 'd', label: '宽度', default: 12288, min: 1, max: 100000, integer: true },
    vocabulary: {
      symbol: 'V',
      label: '词表大小',
      default: 50257,
      min: 1,
      max: 1000000,
      integer: true,
    },
    context: {
      symbol: 'n',
      label: '上下文长度（LLaMA 式不用）',
      default: 2048,
      min: 1,
      max: 10000000,
      integer: true,
    },
    factor: { symbol: 'd_f / d', label: '前馈层放大几倍', default: 4, min: 0.1, max: 16 },
    heads: {
      symbol: 'h',
      label: '注意力头数（只有 LLaMA 式用）',
      default: 32,
      min: 1,
      max: 512,
      integer: true,
    },
    keyHeads: {
      symbol: 'h_k',
      label: '键值头数（只有 LLaMA 式用）',
      default: 8,
      min: 1,
      max: 512,
      integer: true,
    },
    experts: {
      symbol: 'E',
      label: '专家数（只有 LLaMA 式用）',
      default: 1,
      min: 1,
      max: 1024,
      integer: true,
    },
    chosen: {
      symbol: 'k',
      label: '每个词元用几个专家',
      default: 1,
      min: 1,
      max: 1024,
      integer: true,
    },
  },
  compute({ form, layers, width, vocabulary, context, factor, heads, keyHeads, experts, chosen }) {
    const feed = Math.round(factor * width * 1e6) / 1e6;
    if (form !== 'linear' && !Number.isInteger(feed)) {
      throw new CalculatorError('factor', `放大后的宽度是 ${feed}，要是整数，请换一个倍数。`);
    }
    if (form === 'llama') {
      if (keyHeads > heads) {
        throw new CalculatorError(
          'keyHeads',
          `键值头有 ${keyHeads} 个，不能多过注意力头的 ${heads} 个。`,
        );
      }
      if (width % heads !== 0) {
        throw new CalculatorError('heads', `宽度 ${width} 不能被 ${heads} 整除，每个头要一样宽。`);
      }
      if (chosen > experts) {
        throw new CalculatorError('chosen', `一共 ${experts} 个专家，不能选 ${chosen} 个。`);
      }
    }
    const keys = (width / heads) * keyHeads;
    const shape: Shape = { layers, width, vocabulary, context, feed, keys, experts, chosen };
    const parts = (FORMS[form] ?? gpt)(shape);
    const total = parts.reduce((sum, part) => sum + part.count, 0);
    const active = parts.reduce((sum, part) => sum + (part.active ?? part.count), 0);
    const mixed = form === 'llama' && experts > 1;

    return {
      steps: [
        ...parts.map((part) => ({
          text: `${part.name}。`,
          tex: `${part.letters === part.numbers ? part.letters : `${part.letters} = ${part.numbers}`}${part.numbers === String(part.count) ? '' : ` = ${tex(part.count)}`}`,
        })),
        {
          text: '全部加起来。',
          tex: sumTex(
            parts.map((part) => part.count),
            total,
          ),
        },
        ...(mixed
          ? [
              {
                text: '一个词元只经过选中的专家，用到的参数要少得多。',
                tex: `N_{\\text{激活}} = ${tex(active)}`,
              },
            ]
          : []),
      ],
      results: {
        total: { label: '参数总数', value: total, digits: 0 },
        active: { label: '一个词元用到的参数', value: active, digits: 0 },
        hundredMillions: { label: '换成亿', value: total / 1e8, digits: 2, unit: '亿' },
        ratio: { label: '是两参数线性回归的多少倍', value: total / 2, digits: 'exponent' },
      },
      views: [
        {
          kind: 'table',
          title: '各部分占多少',
          columns: ['部分', '参数', '占比，%'],
          rows: parts.map((part) => [
            part.name,
            part.count.toLocaleString('en-US'),
            (100 * part.count) / total,
          ]),
        },
      ],
    };
  },
});
