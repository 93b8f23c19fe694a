/** A bakery orders for tomorrow: not the mean of the demand is cheapest, but a quantile. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as shop from '../datasets/demand.ts';
import { seededRandom } from '../datasets/random.ts';

const [TEST, EVERY, WEEK] = [280, 5, 7];
const cost = { chart: '平均每天亏几元', better: 'lower' } as const;

export default defineExample({
  title: '明天进多少货',
  summary:
    '面包当天卖不掉就扔。一个模型预测平均需求，一个直接学“该进多少”；和照抄上周比，谁亏得少。',
  techniques: ['regression', 'evaluation'],
  params: {
    miss: number('少一个，少赚几元', 8, [1, 50]),
    left: number('多一个，扔掉几元', 2, [1, 50]),
    days: number('学多少天', 364, [28, 1400], 28),
    spread: number('谁也不知道的起伏', 0.25, [0, 0.6], 0.05),
    soldOnly: { kind: 'toggle', label: '只记卖掉的，不记没买到的', default: false },
    steps: number('步数', 200, [50, 1000], 10),
  },
  metrics: {
    loss: { label: '进货模型', chart: '训练损失（分位数损失）', better: 'lower' },
    orderCost: { label: '学出来的进货量', ...cost },
    meanCost: { label: '进平均需求', ...cost },
    weekCost: { label: '照抄上周', ...cost },
    floor: { label: '知道真分布的人', ...cost },
  },
  presets: {
    even: { label: '多少一样亏', params: { miss: 5, left: 5 } },
    dear: { label: '扔掉更亏', params: { miss: 2, left: 8 } },
    calm: { label: '没有别的起伏', params: { spread: 0 } },
    few: { label: '只有 4 周', params: { days: 28 } },
    soldOnly: { label: '只记卖掉的', params: { soldOnly: true } },
  },
  // #region data
  data({ params, seed }) {
    const { days, spread, soldOnly } = params;
    const all = shop.drawDays(seededRandom(seed), WEEK + days + TEST, spread);
    const inputs = all.map(shop.inputsOf);
    const first = WEEK + days;
    // Until the test the shop orders the same for every Monday, every Tuesday, …; nobody writes down who left without.
    const shelf = (day: shop.Day) => (soldOnly ? shop.habit(day) : Infinity);
    const recorded = all.map((day) => Math.min(day.demand, shelf(day)));
    // In the test the copier orders what it sold a week before, and sells no more than that.
    const sold = recorded.slice(0, first);
    const copied = all.slice(first).map(({ demand }, i) => {
      const order = sold[first + i - WEEK]!;
      sold.push(soldOnly ? Math.min(order, demand) : demand);
      return order;
    });
    const best = (day: shop.Day) => shop.bestOrder(shop.chancesOf(day, spread), params);
    return {
      X: tf.tensor2d(inputs.slice(WEEK, first)),
      y: tf.tensor1d(recorded.slice(WEEK, first)),
      XTest: tf.tensor2d(inputs.slice(first)),
      demands: all.slice(first).map(({ demand }) => demand),
      copied,
      best: all.slice(first).map(best),
    };
  },
  // #endregion
  // #region model
  model(run) {
    // The exponential of a sum: weekday, promotion and warmth are factors that multiply.
    const factors = () => {
      const w = tf.variable(tf.zeros([shop.INPUTS, 1]));
      const b = tf.variable(tf.scalar(Math.log(20)));
      const pieces = (X: tf.Tensor) => X.matMul(w).add(b).exp().flatten();
      return { pieces, adam: run.own(tf.train.adam(0.03, 0.9, 0.999, 1e-7)) };
    };
    return { mean: factors(), order: factors() };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { orderCost: { atMost: 36 }, meanCost: { atLeast: 37 } } },
  // #region train
  async *train(run, { X, y, XTest, demands, copied, best }, { mean, order }) {
    const { params } = run;
    const ratio = shop.criticalRatio(params);
    const poisson = (): tf.Scalar => {
      const rate = mean.pieces(X); // −ln chance, but for constants
      return rate.sub(y.mul(rate.log())).mean();
    };
    const quantile = (): tf.Scalar => {
      const lack = y.sub(order.pieces(X)); // above 0: too few
      return tf.maximum(lack.mul(ratio), lack.mul(ratio - 1)).mean();
    };
    const bill = (orders: ArrayLike<number>) => shop.billOf(orders, demands, params);
    const [week, floor] = [bill(copied), bill(best)];
    const held = run.state({ order: shop.NO_BILL, mean: shop.NO_BILL });
    for (let step = run.done; step < params.steps; step++) {
      mean.adam.minimize(poisson);
      const loss = order.adam.minimize(quantile, true)!;
      if (step % EVERY === 0 || step === params.steps - 1) {
        held.order = bill(await order.pieces(XTest).round().data());
        held.mean = bill(await mean.pieces(XTest).round().data());
      }
      yield {
        metrics: {
          ...{ loss, orderCost: held.order.cost, meanCost: held.mean.cost },
          ...{ weekCost: week.cost, floor: floor.cost },
        },
        views: async () => {
          const 进货量 = await order.pieces(XTest).data();
          const 平均需求 = await mean.pieces(XTest).data();
          const lines = { 真的: demands, 进货量, 平均需求 };
          return shop.billViews(lines, [held.order, held.mean, week, floor]);
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '明天是哪一天',
      fields: {
        weekday: { label: '星期（1 到 7）', default: 6, min: 1, max: 7, step: 1 },
        promotion: { label: '促销（0 没有，1 有）', default: 0, min: 0, max: 1, step: 1 },
        temperature: { label: '气温（℃）', default: 20, min: -20, max: 45, step: 1 },
      },
    },
    async infer({ params }, _data, { mean, order }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填星期、有没有促销和气温。');
      const { weekday = 6, promotion = 0, temperature = 20 } = input.values;
      const day = { weekday: weekday - 1, promotion: promotion === 1, temperature };
      const X = tf.tensor2d([shop.inputsOf(day)]);
      const pieces = async (of: typeof mean) => Math.round((await of.pieces(X).data())[0]!);
      return shop.orderViews(day, params, await pieces(order), await pieces(mean));
    },
  },
});
