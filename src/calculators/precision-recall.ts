/** Accuracy, precision, recall and money from the four counts of a detector. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { tex } from './notation/numbers.ts';

export default defineCalculator({
  title: '抓坏交易：准确率、精确率、召回率',
  summary: '填一共多少、坏的多少、抓到多少、冤枉多少，四个指标和两种损失一起算。',
  inputs: {
    all: { symbol: 'n', label: '一共', default: 2000, min: 1, max: 1e9, integer: true },
    bad: { symbol: 'P', label: '其中坏的', default: 37, min: 0, max: 1e9, integer: true },
    caught: { symbol: 'TP', label: '抓到的坏的', default: 27, min: 0, max: 1e9, integer: true },
    wronged: { symbol: 'FP', label: '冤枉的好的', default: 200, min: 0, max: 1e9, integer: true },
    miss: { symbol: 'c', label: '漏掉一个赔多少元', default: 1000, min: 0, max: 1e9 },
    check: { symbol: 'k', label: '查一个花多少元', default: 20, min: 0, max: 1e9 },
  },
  compute({ all, bad, caught, wronged, miss, check }) {
    if (bad > all) throw new CalculatorError('bad', '坏的不能比一共的还多。');
    if (caught > bad) throw new CalculatorError('caught', '抓到的坏的不能比坏的还多。');
    if (wronged > all - bad) throw new CalculatorError('wronged', '冤枉的不能比好的还多。');
    const missed = bad - caught;
    const flagged = caught + wronged;
    const accuracy = (all - missed - wronged) / all;
    const precision = flagged === 0 ? NaN : caught / flagged;
    const recall = bad === 0 ? NaN : caught / bad;
    const f1 = (2 * caught) / (2 * caught + missed + wronged);
    const money = missed * miss + flagged * check;
    const [n, P, TP, FP] = [all, bad, caught, wronged].map((count) => tex(count));
    return {
      steps: [
        {
          text: '准确率：判对的占全部的几成。好的太多时，它几乎全由好的决定。',
          tex: `\\frac{n - FN - FP}{n} = \\frac{${n ?? ''} - ${tex(missed)} - ${FP ?? ''}}{${n ?? ''}} = ${tex(accuracy)}`,
        },
        {
          text: '精确率：抓出来的里面，几成是真的。',
          tex: `\\frac{TP}{TP + FP} = \\frac{${TP ?? ''}}{${tex(flagged)}} = ${tex(precision)}`,
        },
        {
          text: '召回率：坏的里面，抓出了几成。',
          tex: `\\frac{TP}{P} = \\frac{${TP ?? ''}}{${P ?? ''}} = ${tex(recall)}`,
        },
        {
          text: '两种错各有价钱：漏掉的要赔，报警的都要人查。',
          tex: `${tex(missed)} \\times ${tex(miss)} + ${tex(flagged)} \\times ${tex(check)} = ${tex(money)}`,
        },
      ],
      results: {
        accuracy: { label: '准确率', value: accuracy, digits: 4 },
        idle: { label: '一律放行的准确率', value: (all - bad) / all, digits: 4 },
        precision: { label: '精确率', value: precision, digits: 4 },
        recall: { label: '召回率', value: recall, digits: 4 },
        f1: { label: 'F1，两者的调和平均', value: f1, digits: 4 },
        money: { label: '这样做的代价', value: money, digits: 0, unit: '元' },
        idleMoney: { label: '一律放行的代价', value: bad * miss, digits: 0, unit: '元' },
      },
      views: [
        {
          kind: 'matrix',
          title: '混淆矩阵',
          rowTitle: '其实',
          columnTitle: '判成',
          rows: ['坏的', '好的'],
          columns: ['报警', '放行'],
          values: [
            [caught, missed],
            [wronged, all - bad - wronged],
          ],
        },
      ],
    };
  },
});
