/** Holds a model's size against the five documents' definitions of a large model. Knows no page. */
import { defineCalculator } from '../contract/calculator.ts';
import { MODEL_SIZES, SIZE_RULES, type SizeRule } from './facts/model-sizes.ts';
import { tex } from './notation/numbers.ts';

/** The size that the glossary's definition asks for. */
const OURS = 1e9;
const GPT3 = 175e9;

/** Reaches the lower end of the rule; false where the rule has no number. */
const reaches = ({ range }: SizeRule, n: number): boolean => range !== undefined && n >= range.from;

/** Lies within the rule as it is worded. */
const within = (rule: SizeRule, n: number): boolean =>
  reaches(rule, n) && n < (rule.range?.to ?? Infinity);

function verdict(rule: SizeRule, n: number): string {
  if (rule.range === undefined) return '没法判断';
  if (within(rule, n)) return '算';
  return reaches(rule, n) ? '超过上限' : '不算';
}

const count = (rules: readonly SizeRule[], holds: (rule: SizeRule) => boolean): number =>
  rules.filter(holds).length;

const NUMERIC = SIZE_RULES.filter(({ range }) => range !== undefined);

export default defineCalculator({
  title: '这算大模型吗',
  summary: '同一个参数量，用五篇文档的五个定义各判一次，再用本书的定义判一次。',
  inputs: {
    parameters: {
      symbol: 'N',
      label: '参数量，个',
      default: 109482240,
      min: 1,
      max: 1e15,
      integer: true,
    },
    structure: {
      label: '结构是 Transformer',
      default: 'yes',
      options: { yes: '是', no: '不是' },
    },
    pretrained: {
      label: '先用没有标签的数据预训练过',
      default: 'yes',
      options: { yes: '是', no: '不是' },
    },
    general: {
      label: '一次训练，用在许多任务上',
      default: 'yes',
      options: { yes: '是', no: '不是' },
    },
  },
  compute({ parameters: n, structure, pretrained, general }) {
    const ours = [structure === 'yes', n >= OURS, pretrained === 'yes', general === 'yes'];
    const met = ours.filter(Boolean).length;
    const programs = MODEL_SIZES.filter(({ kind }) => kind === 'document');
    const together = programs.reduce((sum, { parameters }) => sum + parameters, 0);

    return {
      steps: [
        ...NUMERIC.map((rule) => ({
          text: `${rule.document}：${rule.says}。判下来：${verdict(rule, n)}。`,
          tex: `${tex(rule.range?.from ?? 0)} \\le ${tex(n)} < ${tex(rule.range?.to ?? 0)}\\ ?`,
        })),
        {
          text: `本书要四条都满足：Transformer、十亿以上、预训练过、能用在许多任务上。满足 ${met} 条。`,
          tex: `${tex(n)} ${n >= OURS ? '\\ge' : '<'} 10^9`,
        },
        {
          text: '五篇文档的五个程序，参数加起来。',
          tex: `${programs.map(({ parameters }) => tex(parameters)).join(' + ')} = ${tex(together)}`,
        },
      ],
      results: {
        literal: {
          label: '三个带数字的定义里，照字面满足几个',
          value: count(NUMERIC, (rule) => within(rule, n)),
          digits: 0,
        },
        lower: {
          label: '只看下限，满足几个',
          value: count(NUMERIC, (rule) => reaches(rule, n)),
          digits: 0,
        },
        ours: { label: '本书的四条，满足几条', value: met, digits: 0 },
        programs: {
          label: '五个程序里，照字面至少满足一个定义的',
          value: programs.filter((model) => NUMERIC.some((r) => within(r, model.parameters)))
            .length,
          digits: 0,
        },
        together: { label: '五个程序一共', value: together, digits: 0, unit: '个参数' },
        ratio: {
          label: '1750 亿是五个程序之和的',
          value: GPT3 / together,
          digits: 0,
          unit: '倍',
        },
      },
      views: [
        {
          kind: 'points',
          title: '横线是三个带数字的定义管到的范围，点是模型',
          x: { label: '参数量', scale: 'log' },
          y: { label: '0：模型；1、2、3：文档 001、003、004', min: -0.5, max: 3.5 },
          points: [
            { label: '五个程序', group: 0, kind: 'document' as const },
            { label: '公开的模型', group: 1, kind: 'published' as const },
          ]
            .map(({ label, group, kind }) => {
              const xs = MODEL_SIZES.filter((model) => model.kind === kind).map(
                ({ parameters }) => parameters,
              );
              return { label, group, xs, ys: xs.map(() => 0) };
            })
            .concat({ label: '你填的', group: 2, xs: [n], ys: [0] }),
          lines: NUMERIC.map(({ document, range }, row) => ({
            label: document,
            xs: [range?.from ?? NaN, range?.to ?? NaN],
            ys: [row + 1, row + 1],
          })),
        },
        {
          kind: 'table',
          title: '谁算大模型',
          columns: ['模型', '参数', ...NUMERIC.map(({ document }) => document), '十亿以上'],
          rows: [{ name: '你填的', parameters: n }, ...MODEL_SIZES].map(({ name, parameters }) => [
            name,
            parameters.toLocaleString('en-US'),
            ...NUMERIC.map((rule) => verdict(rule, parameters)),
            parameters >= OURS ? '是' : '不是',
          ]),
        },
      ],
    };
  },
});
