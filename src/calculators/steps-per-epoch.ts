/** How many updates a training makes, from samples, batch and epochs. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

/** Updates in one pass over `samples`, and how large the last batch is. `drop`: an incomplete last batch is left out. */
function count(samples: number, batch: number, drop: boolean) {
  const full = Math.floor(samples / batch);
  const rest = samples % batch;
  const steps = drop || rest === 0 ? full : full + 1;
  const last = steps > full ? rest : batch;
  return { full, rest, steps, last, seen: steps === 0 ? 0 : (steps - 1) * batch + last };
}

export default defineCalculator({
  title: '一遍走几步',
  summary: '样本数除以批量，有零头就多一步；再乘遍数，就是权重一共改几次。',
  inputs: {
    samples: { symbol: 'n', label: '样本数', default: 50000, min: 1, max: 1e9, integer: true },
    batch: { symbol: 'B', label: '批量', default: 64, min: 1, max: 1e9, integer: true },
    epochs: { symbol: 'E', label: '遍数', default: 10, min: 1, max: 100000, integer: true },
    rest: {
      label: '不满一批的零头',
      default: 'keep',
      options: { keep: '也走一步（Keras 的 fit）', drop: '丢掉' },
    },
  },
  compute({ samples, batch, epochs, rest }) {
    const drop = rest === 'drop';
    const once = count(samples, batch, drop);
    if (once.steps === 0) {
      throw new CalculatorError(
        'batch',
        `一批要 ${batch} 个，只有 ${samples} 个样本，又不要零头，一步也走不了。把批量改小，或留下零头。`,
      );
    }
    const total = once.steps * epochs;
    const printed = samples === 50000 && batch === 64;
    const sizes = Array.from({ length: 13 }, (_, i) => 2 ** i).filter(
      (size) => count(samples, size, drop).steps > 0,
    );
    const ceiling = drop ? ['\\lfloor', '\\rfloor'] : ['\\lceil', '\\rceil'];
    return {
      steps: [
        {
          text: '样本数除以批量：装满几批，还剩几个。',
          tex: `${tex(samples)} = ${tex(once.full)} \\times ${tex(batch)} + ${tex(once.rest)}`,
        },
        {
          text: drop ? '零头丢掉，往下取整。' : '有零头就多一步，往上取整。',
          tex: `${ceiling[0]} n / B ${ceiling[1]} = ${tex(once.steps)}`,
        },
        {
          text: '最后一批有几个，一遍一共用到几个。',
          tex: `${tex(once.steps - 1)} \\times ${tex(batch)} + ${tex(once.last)} = ${tex(once.seen)}`,
        },
        {
          text: '乘遍数：权重一共改这么多次。',
          tex: `E \\times ${tex(once.steps)} = ${tex(epochs)} \\times ${tex(once.steps)} = ${tex(total)}`,
        },
      ],
      results: {
        perEpoch: { label: '一遍的步数', value: once.steps, digits: 0 },
        last: { label: '最后一批的样本', value: once.last, digits: 0 },
        seen: {
          label: '一遍用到的样本',
          value: once.seen,
          digits: 0,
          ...(printed && { mark: 'right' as const }),
        },
        ...(printed && {
          printed: {
            label: '一遍用到的样本，文档印的',
            value: 64,
            digits: 0,
            mark: 'wrong' as const,
          },
        }),
        total: { label: '一共的步数', value: total, digits: 0 },
      },
      views: [
        {
          kind: 'curve',
          title: `遍数是 ${epochs}，批量换一换，一共走几步`,
          x: { label: '批量', scale: 'log' },
          y: { label: '步', scale: 'log' },
          series: [
            {
              label: '一共的步数',
              xs: sizes,
              ys: sizes.map((size) => epochs * count(samples, size, drop).steps),
            },
          ],
        },
      ],
    };
  },
});
