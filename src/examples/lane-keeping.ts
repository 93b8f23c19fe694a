/** A network copies a teacher who never leaves his lane, and does not know what to do when it does. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { seededRandom } from '../datasets/random.ts';
import * as way from '../datasets/road.ts';

const [TAUGHT, TEST, PIECE, HIDDEN, EVERY] = [1200, 600, 100, 24, 50];
const onData = { chart: '和老师差多少（老师走过的地方）', better: 'lower' } as const;
const offset = { chart: '自己开，离正中几米', better: 'lower' } as const;
const departures = { chart: '自己开，600 米出几次道', better: 'lower' } as const;

export default defineExample({
  title: '跟着老师学开车',
  summary: '网络看三行摄像头像素，学老师怎么打方向；再让它自己开，看风推开以后会不会回来。',
  techniques: ['vision', 'regression', 'safety'],
  params: {
    push: number('考试时一阵风推开几米', 1.2, [0, 1.5], 0.1),
    teacherPush: number('老师开时，风推开几米', 0, [0, 1.5], 0.1),
    rounds: number('补几次课', 6, [0, 12]),
    bend: number('弯有多急（1/米）', 0.01, [0, 0.06], 0.005),
    steps: number('步数', 300, [50, 1000], 50),
  },
  metrics: {
    loss: { label: '只学老师', chart: '训练损失（均方误差）', better: 'lower' },
    paperError: { label: '只学老师', ...onData },
    helpedPaperError: { label: '补过课', ...onData },
    offset: { label: '只学老师', ...offset },
    helpedOffset: { label: '补过课', ...offset },
    teacherOffset: { label: '老师', ...offset },
    departures: { label: '只学老师', ...departures },
    helpedDepartures: { label: '补过课', ...departures },
  },
  presets: {
    calm: { label: '考试时没有风', params: { push: 0 } },
    pushedTeacher: { label: '老师也被风推', params: { teacherPush: 1.2 } },
    once: { label: '只补一次课', params: { rounds: 1 } },
    straight: { label: '路是直的', params: { bend: 0 } },
    winding: { label: '弯急三倍', params: { bend: 0.03 } },
  },
  // #region data
  data({ params, seed }) {
    const random = seededRandom(seed);
    const road = way.drawRoad(random, TAUGHT, params.bend);
    const exam = way.drawRoad(random, TEST, params.bend);
    const gusts = () => seededRandom(seed + 7); // the same for whoever drives
    const taughtOn = (where: way.Road, push: number) => way.drive(where, gusts(), push);
    const teacher = taughtOn(exam, params.push);
    const tensors = ({ looks, steering }: way.Lessons) => {
      return { X: tf.tensor2d(looks), y: tf.tensor1d(steering) };
    };
    const taught = tensors(taughtOn(road, params.teacherPush));
    const paper = tensors(taughtOn(exam, params.teacherPush));
    // Kept in variables because lessons are replaced; they are no weights, so no optimizer may move them.
    const helped = { X: tf.variable(taught.X, false), y: tf.variable(taught.y, false) };
    return { road, exam, gusts, teacher, tensors, taught, helped, paper };
  },
  // #endregion
  // #region model
  model(run) {
    const network = () => {
      const random = seededRandom(run.seed + 1); // both start alike
      const weights = (m: number, n: number) =>
        tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(1 / m)), [m, n]));
      const [W1, W2] = [weights(way.PIXELS, HIDDEN), weights(HIDDEN, 1)];
      const [b1, b2] = [tf.variable(tf.zeros([HIDDEN])), tf.variable(tf.zeros([1]))];
      const steer = (X: tf.Tensor) => X.matMul(W1).add(b1).tanh().matMul(W2).add(b2).flatten();
      const read = () => Promise.all([W1, b1, W2, b2].map((w) => w.data()));
      const driver = async () => way.driverOf(await read());
      return { steer, driver, adam: run.own(tf.train.adam(0.01, 0.9, 0.999, 1e-7)) };
    };
    return { copy: network(), pupil: network() };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 300, expect: { departures: { atLeast: 1 }, helpedDepartures: { atMost: 1 } } },
  // #region train
  async *train(run, data, { copy, pupil }) {
    const { push, rounds, steps } = run.params;
    const { road, exam, gusts, teacher, tensors, taught, helped, paper } = data;
    const error = ({ steer }: typeof copy, { X, y }: typeof taught): tf.Scalar =>
      steer(X).sub(y).square().mean();
    const onPaper = ({ steer }: typeof copy) => steer(paper.X).sub(paper.y).abs().mean();
    const drives = async ({ driver }: typeof copy) =>
      way.drive(exam, gusts(), push, await driver());
    const held = run.state({ copy: [0, 0], pupil: [0, 0] });
    const gap = Math.max(1, Math.floor((0.7 * steps) / Math.max(1, rounds)));
    for (let step = run.done; step < steps; step++) {
      if (step % EVERY === 0 || step === steps - 1) {
        held.copy = way.scores(await drives(copy));
        held.pupil = way.scores(await drives(pupil));
      }
      const loss = copy.adam.minimize(() => error(copy, taught), true)!;
      pupil.adam.minimize(() => error(pupil, helped));
      const round = (step + 1) / gap - 1;
      if (Number.isInteger(round) && round < rounds) {
        // It drives a piece of road, the teacher says what to do there; so many old lessons go.
        const piece = [round * PIECE, (round + 1) * PIECE] as const;
        const random = seededRandom(run.seed + 100 + round);
        const seen = tensors(way.drive(road, random, push, await pupil.driver(), piece));
        const put = <T extends tf.Tensor>(old: T, fresh: T): T =>
          tf.concat<T>([old.slice(0, piece[0]), fresh, old.slice(piece[1])]);
        helped.X.assign(put<tf.Tensor2D>(helped.X, seen.X));
        helped.y.assign(put<tf.Tensor1D>(helped.y, seen.y));
      }
      const [offset, departures] = held.copy as [number, number];
      const [helpedOffset, helpedDepartures] = held.pupil as [number, number];
      const papers = { paperError: onPaper(copy), helpedPaperError: onPaper(pupil) };
      const alone = { offset, departures, helpedOffset, helpedDepartures };
      yield {
        metrics: { loss, ...papers, ...alone, teacherOffset: teacher.offset },
        views: async () => [
          way.roadView(exam, { 只学老师: await drives(copy), 补过课: await drives(pupil) }),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '把车放偏，看谁往回打方向',
      fields: {
        metre: { label: '放在考试路的第几米', default: 100, min: 0, max: 599, step: 1 },
        aside: { label: '偏左几米（负数偏右）', default: 1, min: -3, max: 3, step: 0.1 },
      },
    },
    async infer(_run, { exam }, { copy, pupil }, input) {
      if (input.kind !== 'numbers') throw new InputError('请填放在第几米、偏左几米。');
      const { metre = 100, aside = 1 } = input.values;
      return way.asideViews(exam, metre, aside, await copy.driver(), await pupil.driver());
    },
  },
});
