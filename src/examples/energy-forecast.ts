/** A linear model and a network forecast a town's load a day ahead, beside three forecasts that cost nothing. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as hourly from '../datasets/hourly-load.ts';
import { batches, seededRandom } from '../datasets/random.ts';

const [BATCH, TEST_DAYS, EVERY] = [96, 14, 5];
const error = { chart: '平均差多少兆瓦', better: 'lower' } as const;
const toggle = (label: string) => ({ kind: 'toggle', label, default: true }) as const;

export default defineExample({
  title: '明天用多少电',
  summary:
    '看前一天、前一周、星期几和气温，预测一个小城 14 天里每小时的用电；和三个不用训练的办法比。',
  techniques: ['regression', 'data', 'science'],
  params: {
    days: number('学多少天', 46, [14, 180]),
    hidden: number('隐藏单元', 24, [2, 64]),
    epochs: number('遍数', 25, [5, 100]),
    past: toggle('看前一天和前一周'),
    calendar: toggle('看是不是周末'),
    weather: toggle('看气温'),
    holidays: number('考试期末尾放几天假', 0, [0, 10]),
  },
  metrics: {
    loss: { label: '网络', chart: '训练损失（均方误差）', better: 'lower' },
    networkError: { label: '网络', ...error },
    linearError: { label: '线性模型', ...error },
    weekError: { label: '抄上周的', ...error },
    meanError: { label: '往周的平均', ...error },
    floor: { label: '只剩噪声', ...error },
  },
  presets: {
    blind: { label: '只看钟点', params: { past: false, calendar: false, weather: false } },
    short: { label: '只学 14 天', params: { days: 14 } },
    long: { label: '学 180 天', params: { days: 180, epochs: 15 } },
    holiday: { label: '放 7 天假', params: { holidays: 7 } },
  },
  // #region data
  data({ params, seed }) {
    const { days, holidays } = params;
    const town = hourly.drawLoad(seededRandom(seed), 7 + days + TEST_DAYS, holidays);
    const tensors = (from: number, to: number) => {
      const { inputs, loads } = hourly.rowsOf(town, from, to, params);
      const y = tf.tensor1d(loads.map(hourly.scaleLoad));
      return { X: tf.tensor2d(inputs), y, loads };
    };
    const first = 7 + days; // the first week has no week before it
    const free = hourly.baselines(town, first, first + TEST_DAYS);
    return { train: tensors(7, first), test: tensors(first, first + TEST_DAYS), free };
  },
  // #endregion
  // #region model
  model(run) {
    const { hidden } = run.params;
    const random = seededRandom(run.seed + 1);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
    const [W1, W2] = [weights(hourly.INPUTS, hidden), weights(hidden, 1)];
    const [b1, b2] = [tf.variable(tf.zeros([hidden])), tf.variable(tf.zeros([1]))];
    const [V, c] = [weights(hourly.INPUTS, 1), tf.variable(tf.zeros([1]))];
    const network = (X: tf.Tensor) => X.matMul(W1).add(b1).relu().matMul(W2).add(b2).flatten();
    const linear = (X: tf.Tensor) => X.matMul(V).add(c).flatten();
    const adam = () => run.own(tf.train.adam(0.01, 0.9, 0.999, 1e-7));
    return { models: [network, linear] as const, adams: [adam(), adam()] as const };
  },
  // #endregion
  length: ({ params }) => params.epochs * Math.ceil((params.days * hourly.HOURS) / BATCH),
  check: {
    steps: 300,
    expect: { networkError: { atMost: 1.7 }, weekError: { atLeast: 1.8 } },
  },
  // #region train
  async *train(run, { train, test, free }, { models, adams }) {
    const random = seededRandom(run.seed + 2);
    const distance = (loads: ArrayLike<number>) => hourly.meanDistance(loads, test.loads);
    const forecast = async (model: (X: tf.Tensor) => tf.Tensor) =>
      Array.from(await model(test.X).data(), hourly.unscaleLoad);
    const errors = run.state([0, 0]);
    let step = run.done;
    const count = train.loads.length;
    const total = run.params.epochs * Math.ceil(count / BATCH);
    for (const batch of batches(random, count, BATCH, run.params.epochs, run.done)) {
      const rows = tf.tensor1d(batch, 'int32');
      const [X, y] = [tf.gather(train.X, rows), tf.gather(train.y, rows)];
      const learn = (i: 0 | 1) =>
        adams[i].minimize(() => tf.losses.meanSquaredError(y, models[i](X)), true)!;
      const [loss] = [learn(0), learn(1)];
      if (step++ % EVERY === 0 || step === total) {
        for (const i of [0, 1] as const) errors[i] = distance(await forecast(models[i]));
      }
      yield {
        metrics: {
          loss,
          networkError: errors[0]!,
          linearError: errors[1]!,
          weekError: distance(free.weekBefore),
          meanError: distance(free.weeklyMean),
          floor: distance(free.noiseless),
        },
        views: async () => {
          const [网络, 线性模型] = [await forecast(models[0]), await forecast(models[1])];
          const others = { 抄昨天的: free.dayBefore, 抄上周的: free.weekBefore };
          const all = { 网络, 线性模型, ...others, 往周的平均: free.weeklyMean };
          return hourly.forecastViews(test.loads, all);
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '明天会怎样',
      fields: {
        weekday: { label: '星期几（1 到 7）', default: 3, min: 1, max: 7, step: 1 },
        warmth: { label: '下午三点，最热时几度', default: 30, min: 0, max: 40, step: 1 },
      },
    },
    async infer({ params }, _data, { models }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填星期几和最热时几度两个数。');
      const { weekday = 3, warmth = 30 } = input.values;
      const { rows, noiseless } = hourly.usualDay(weekday >= 6, warmth, params);
      const answer = await models[0](tf.tensor2d(rows)).data();
      const 网络预测 = Array.from(answer, hourly.unscaleLoad);
      return [hourly.hoursView('这一天', { 网络预测, 没有噪声时: noiseless })];
    },
  },
});
