/** Softmax regression from scratch: two variables, a gradient written by hand, one line of update. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import { CLASSES, loadDigits, PIXELS } from '../datasets/digits.ts';
import type { DigitSet } from '../datasets/digits.ts';
import { fitDrawing } from '../datasets/drawn-digit.ts';
import { confusionView, imagesView, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { templatesView } from '../datasets/templates.ts';

const [SIDE, EVERY] = [24, 10];
const fraction = { better: 'higher', fraction: true } as const;

export default defineExample({
  title: '从零写 softmax 回归',
  summary: '不用层，不用优化器：650 个参数，手写的梯度，一行更新，学会认手写数字。',
  techniques: ['classification', 'regression'],
  params: {
    learningRate: number('学习率 α', 0.5, [0.001, 5], 0.001, 'log'),
    deviation: number('初值的标准差', 1, [0, 2], 0.125),
    scores: choice('打分', 'linear', { linear: '线性', relu: '先过 ReLU' }),
    gradient: choice('梯度', 'formula', { formula: '手写公式', tape: '自动微分' }),
    steps: number('步数', 1000, [100, 2000], 100),
  },
  metrics: {
    loss: { label: '训练损失', chart: '交叉熵', better: 'lower' },
    validationAccuracy: { label: '没见过的 359 张', chart: '准确率', ...fraction },
    silent: {
      label: '正确那一类的分不大于 0',
      chart: '训练图的比例',
      better: 'lower',
      fraction: true,
    },
  },
  presets: {
    printed: { label: '学习率 0.01', params: { learningRate: 0.01 } },
    small: { label: '0.01，初值 0.125', params: { learningRate: 0.01, deviation: 0.125 } },
    relu: { label: '打分先过 ReLU', params: { scores: 'relu' } },
    reluPrinted: {
      label: 'ReLU，学习率 0.01',
      params: { scores: 'relu', learningRate: 0.01 },
    },
    zeros: { label: '初值全 0', params: { deviation: 0 } },
    tape: { label: '自动微分', params: { gradient: 'tape' } },
    hot: { label: '学习率 5', params: { learningRate: 5 } },
  },
  // #region data
  async data(run) {
    const { train, test } = await loadDigits(run);
    const tensors = ({ images, labels, count }: DigitSet) => ({
      X: tf.tensor2d(images, [count, PIXELS]),
      Y: tf.oneHot(labels, CLASSES).toFloat(), // [count, 10]
    });
    return { train: tensors(train), test: tensors(test), unseen: test };
  },
  // #endregion
  // #region model
  model({ params, seed }, { train: { X, Y } }) {
    const start = seededRandom(seed).normals(PIXELS * CLASSES, params.deviation);
    const W = tf.variable(tf.tensor2d(start, [PIXELS, CLASSES]));
    const b = tf.variable(tf.zeros([CLASSES]));
    const raw = (x: tf.Tensor) => x.matMul(W).add(b); // [count, 10]
    const scores = (x: tf.Tensor) => (params.scores === 'relu' ? raw(x).relu() : raw(x));
    const loss = (): tf.Scalar => tf.logSoftmax(scores(X)).mul(Y).sum(1).neg().mean();
    const formula = () => {
      let dz = scores(X).softmax().sub(Y).div(X.shape[0]); // p − y, averaged
      if (params.scores === 'relu') dz = dz.mul(raw(X).greater(0)); // the gradient cut off
      return [X.matMul(dz, true), dz.sum(0)];
    };
    const tape = () => {
      const { grads } = tf.variableGrads(loss, [W, b]);
      return [grads[W.name]!, grads[b.name]!];
    };
    return { W, b, raw, scores, loss, formula, tape };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 1000,
    expect: { loss: { atMost: 0.2 }, validationAccuracy: { atLeast: 0.91 } },
  },
  // #region train
  async *train(run, { train: { X, Y }, test, unseen }, model) {
    const { W, b, raw, scores, loss, formula, tape } = model;
    const { learningRate, gradient, steps } = run.params;
    const guess = (x: tf.Tensor) => scores(x).argMax(1);
    const share = (hits: tf.Tensor) => hits.toFloat().mean().data();
    const last = run.state({ validationAccuracy: 0, silent: 0 });
    for (let step = run.done; step < steps; step++) {
      const before = loss();
      const [dW, db] = gradient === 'formula' ? formula() : tape();
      W.assign(W.sub(dW!.mul(learningRate)));
      b.assign(b.sub(db!.mul(learningRate)));
      if (step % EVERY === 0 || step === steps - 1) {
        const right = guess(test.X).equal(test.Y.argMax(1));
        last.validationAccuracy = (await share(right))[0]!;
        last.silent = (await share(raw(X).mul(Y).sum(1).lessEqual(0)))[0]!;
      }
      const views = async () => [
        templatesView('W 的十列：灰是 0，黑处有墨加分，白处有墨扣分', await W.data()),
        confusionView('没见过的 359 张', unseen.labels, await guess(test.X).data()),
      ];
      yield { metrics: { loss: before, ...last }, views };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'drawing', label: '写一个数字', width: SIDE, height: SIDE },
    async infer(_run, _data, { scores }, input) {
      const image = input.kind === 'drawing' && fitDrawing(input.pixels, SIDE, SIDE);
      if (!image) throw new InputError('画板是空的：请写一个 0 到 9 的数字，写大一些。');
      const z = scores(tf.tensor2d(image, [1, PIXELS]));
      const [score, p] = [await z.data(), await z.softmax().data()];
      const likely = Array.from(p.keys()).sort((a, b) => p[b]! - p[a]!);
      const rows = likely.map((k) => [k, score[k]!.toFixed(2), p[k]!.toFixed(3)]);
      return [
        tableView(`读作 ${likely[0]!}`, ['数字', '分 z', '概率'], rows),
        imagesView('缩成 8×8', 8, [{ pixels: [...image], caption: '模型看到的' }]),
      ];
    },
  },
});
