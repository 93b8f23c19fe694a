/** Cross-entropy of a batch as a sum over samples and classes. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

export default defineCalculator({
  title: '一批样本的交叉熵',
  summary: '每行是一个样本的各类概率。先按类求和，再按样本平均，两个下标各管一件事。',
  inputs: {
    p: {
      symbol: 'p_{ik}',
      label: '概率，每行一个样本，每列一个类别',
      default: [
        [0.8, 0.2],
        [0.8, 0.2],
      ],
      min: 0,
      max: 1,
    },
    c: {
      symbol: 'c_i',
      label: '每个样本真正的类别，从 1 数起',
      default: [1, 2],
      min: 1,
      max: 32,
      integer: true,
    },
  },
  compute({ p, c }) {
    const classes = p[0]?.length ?? 0;
    p.forEach((row, sample) => {
      const sum = row.reduce((total, value) => total + value, 0);
      if (Math.abs(sum - 1) > 1e-6) {
        throw new CalculatorError(
          'p',
          `第 ${sample + 1} 行加起来是 ${Number(sum.toPrecision(6))}，各类概率之和必须是 1。`,
        );
      }
    });
    if (c.length !== p.length) {
      throw new CalculatorError(
        'c',
        `概率有 ${p.length} 行，类别却有 ${c.length} 个，两者要一样多。`,
      );
    }
    const truth = c.map((label, sample) => {
      const probability = p[sample]?.[label - 1];
      if (probability === undefined) {
        throw new CalculatorError(
          'c',
          `第 ${sample + 1} 个类别是 ${label}，这里只有 1 到 ${classes} 类。`,
        );
      }
      if (probability === 0) {
        throw new CalculatorError(
          'p',
          `第 ${sample + 1} 行给真正的类别概率 0，对数没有定义，请填大于 0 的数。`,
        );
      }
      return probability;
    });
    const losses = truth.map((probability) => (probability === 1 ? 0 : -Math.log(probability)));
    const total = losses.reduce((sum, loss) => sum + loss, 0);
    const mean = total / losses.length;
    const listed = (values: readonly number[]): string =>
      values.map((value) => tex(value)).join(' + ');
    const logs = truth.map((probability) => `-\\ln ${tex(probability)}`).join(',\\ ');

    return {
      steps: [
        {
          text: '标签写成 0 和 1：真正的类别是 1，别的是 0。所以按类求和只剩一项。',
          tex: `\\ell_i = -\\sum_{k=1}^{${classes}} y_{ik}\\ln p_{ik} = -\\ln p_{i c_i}`,
        },
        {
          text: '代入每个样本真正类别的概率。',
          tex: `${logs} \\quad\\Rightarrow\\quad ${losses.map((loss) => tex(loss)).join(',\\ ')}`,
        },
        {
          text: '再对样本取平均。',
          tex: `L = \\frac{1}{N}\\sum_{i=1}^{N}\\ell_i = \\frac{${listed(losses)}}{${losses.length}} = ${tex(mean)}`,
        },
        {
          text: '换成以 2 为底，单位就是比特。',
          tex: `\\frac{${tex(mean)}}{\\ln 2} = ${tex(mean / Math.LN2)}`,
        },
      ],
      results: {
        mean: { label: '平均交叉熵', value: mean, digits: 10 },
        bits: { label: '同一个值，以 2 为底', value: mean / Math.LN2, digits: 6, unit: '比特' },
        sum: { label: '只求和、不平均', value: total, digits: 6 },
      },
      views: [
        {
          kind: 'table',
          title: '每个样本',
          columns: ['样本', '真正的类别', '它的概率', '损失 −ln p'],
          rows: losses.map((loss, sample) => [
            sample + 1,
            c[sample] ?? '',
            truth[sample] ?? '',
            Number(loss.toFixed(6)),
          ]),
        },
      ],
    };
  },
});
