/** Rasch's model learns how able students are and how hard exercises are from their answers alone. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as exam from '../datasets/exam-answers.ts';
import { tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const share = { chart: '猜中没看过的作答', better: 'higher', fraction: true } as const;
const agreement = { chart: '和真值的相关系数', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '谁会哪道题',
  summary: '从 120 个学生做 20 道题的对错里，估出每人的能力和每题的难度，再定位你、挑下一题。',
  techniques: ['regression', 'recommendation'],
  params: {
    students: number('学生', 120, [10, 600], 10),
    items: number('题', 20, [5, 40]),
    heldOut: number('藏起多少作答来考', 0.2, [0.1, 0.9], 0.1),
    prior: number('先验：往中间拉多少', 1, [0, 4], 0.5),
    guess: number('乱猜也能对', 0, [0, 0.5], 0.05),
    unlike: number('题的区分度差多少', 0, [0, 1.5], 0.1),
    steps: number('步数', 150, [20, 600], 10),
  },
  metrics: {
    loss: { label: '看过的作答', chart: '交叉熵', better: 'lower' },
    accuracy: { label: '能力减难度', ...share },
    itemAccuracy: { label: '只看题的正确率', ...share },
    abilityAgreement: { label: '能力', ...agreement },
    difficultyAgreement: { label: '难度', ...agreement },
  },
  presets: {
    few: { label: '10 个学生', params: { students: 10 } },
    sparse: { label: '每人只做两道', params: { heldOut: 0.9 } },
    free: { label: '每人两道，不要先验', params: { heldOut: 0.9, prior: 0, steps: 600 } },
    guess: { label: '四选一，能猜', params: { guess: 0.25 } },
    unlike: { label: '题的区分度不一', params: { unlike: 1 } },
  },
  // #region data
  data({ params, seed }) {
    const answers = exam.drawExam(seededRandom(seed), params);
    const shape: [number, number] = [params.students, params.items];
    const right = tf.tensor2d([...answers.right], shape);
    const seen = tf.tensor2d([...answers.seen], shape);
    const asked = answers.seen.reduce((a, b) => a + b, 0);
    return { answers, right, seen, asked };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed + 1);
    const { students, items } = run.params;
    const ability = tf.variable(tf.tensor2d(random.normals(students, 0.1), [students, 1]));
    const difficulty = tf.variable(tf.tensor2d(random.normals(items, 0.1), [1, items]));
    const optimizer = run.own(tf.train.adam(0.1, 0.9, 0.999, 1e-7));
    return { ability, difficulty, logits: () => ability.sub(difficulty), optimizer };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: {
    steps: 150,
    expect: { accuracy: { atLeast: 0.66 }, difficultyAgreement: { atLeast: 0.93 } },
  },
  // #region train
  async *train({ params, done }, { answers, right, seen, asked }, model) {
    const { ability, difficulty, logits, optimizer } = model;
    const entropy = (): tf.Scalar => {
      const z = logits(); // −ln of the probability given to what happened
      return z.softplus().sub(z.mul(right)).mul(seen).sum().div(asked);
    };
    const pull = () => ability.square().sum().add(difficulty.square().sum());
    const easy = exam.shareRight(answers).map((part) => part > 0.5);
    const itemAccuracy = exam.foretoldShare(answers, (_, item) => easy[item]!);
    for (let step = done; step < params.steps; step++) {
      optimizer.minimize(() => entropy().add(pull().mul(params.prior / 2 / asked)));
      const [abilities, difficulties] = [await ability.data(), await difficulty.data()];
      const gap = (student: number, item: number) => abilities[student]! - difficulties[item]!;
      yield {
        metrics: {
          loss: entropy(),
          accuracy: exam.foretoldShare(answers, (student, item) => gap(student, item) > 0),
          itemAccuracy,
          abilityAgreement: exam.correlation(answers.abilities, abilities),
          difficultyAgreement: exam.correlation(answers.difficulties, difficulties),
        },
        views: () => [
          exam.agreementView('每道题的难度', answers.difficulties, difficulties),
          exam.agreementView('每个学生的能力', answers.abilities, abilities),
        ],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'text',
      label: '你做前几题的结果，一题一个字',
      default: '对对错对错',
      maxLength: 40,
    },
    async infer({ params }, _data, { difficulty }, input) {
      const marks = input.kind === 'text' ? [...input.text.trim()] : [];
      if (marks.length === 0 || marks.some((mark) => !'对错'.includes(mark)))
        throw new InputError('请只写“对”和“错”，一题一个字，从第 1 题开始，比如“对对错”。');
      if (marks.length > params.items)
        throw new InputError(`只有 ${params.items} 道题，你写了 ${marks.length} 个。`);
      const hard = Array.from(await difficulty.data());
      const { ability, error } = exam.placeStudent(
        marks.map((mark, item) => [hard[item]!, mark === '对']),
      );
      const left = hard.map((value, item) => ({ item, value })).slice(marks.length);
      left.sort((a, b) => Math.abs(a.value - ability) - Math.abs(b.value - ability));
      const rows = left.slice(0, 5).map(({ item, value }) => {
        return [`第 ${item + 1} 题`, value.toFixed(2), exam.sigmoid(ability - value).toFixed(2)];
      });
      const place = `能力 ${ability.toFixed(2)}，标准误 ${error.toFixed(2)}`;
      const title = `${place}。${rows.length > 0 ? '接着做第一行' : '题都做完了'}`;
      return [tableView(title, ['题', '难度', '你做对的概率'], rows)];
    },
  },
});
