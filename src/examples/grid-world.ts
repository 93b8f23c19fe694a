/** Q-learning on a board with pits: no rule of play is given, only rewards. */
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import * as board from '../datasets/grid-world.ts';
import { short, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';

const chart = { chart: '一局的奖励总和', better: 'higher' } as const;

export default defineExample({
  title: '没人教规则，绕开六个坑',
  summary: '棋盘 5×5，六个坑，一个终点；只凭走一步得几分，学会在每一格往哪里走。',
  techniques: ['science', 'evaluation'],
  params: {
    explore: number('乱走的比例 ε', 0.1, [0, 1], 0.05),
    discount: number('折扣 γ', 0.95, [0, 1], 0.05),
    rate: number('学习率 α', 0.5, [0.05, 1], 0.05),
    price: number('走一步扣几分', 0.01, [0, 0.5], 0.01),
    start: number('没走过的先当它值', 0, [-1, 1], 0.5),
    episodes: number('玩几局', 200, [20, 1000], 20),
  },
  metrics: {
    return: { label: '边学边走的这一局', ...chart },
    learnedReturn: { label: '照学到的走', ...chart },
    randomReturn: { label: '乱走，5000 局平均', ...chart },
    randomWins: {
      label: '乱走 5000 局',
      chart: '走到终点的比例',
      better: 'higher',
      fraction: true,
    },
  },
  presets: {
    greedy: { label: '从不乱走', params: { explore: 0 } },
    gloomy: { label: '从不乱走，一开始就悲观', params: { explore: 0, start: -1 } },
    myopic: { label: '折扣 0：只看一步', params: { discount: 0 } },
    restless: { label: '总是乱走', params: { explore: 1 } },
    dear: { label: '走一步扣 0.5', params: { price: 0.5 } },
  },
  // #region data
  data({ seed, params }) {
    const { total, wins } = board.atRandom(seededRandom(seed), 5000, params.price);
    return { randomReturn: total, randomWins: wins };
  },
  // #endregion
  // #region model
  model(run) {
    const { start: first, price } = run.params;
    // What each of four moves promises in each of 25 cells.
    const Q = Array.from({ length: 25 }, () => Array.from({ length: 4 }, () => first));
    const table = run.state({ Q });
    const follow = (start: number) =>
      board.play(start, (cell) => board.bestOf(table.Q[cell]!), price);
    return { table, follow };
  },
  // #endregion
  length: ({ params }) => params.episodes,
  check: {
    steps: 200,
    expect: { learnedReturn: { atLeast: 0.9 }, randomReturn: { atMost: -0.8 } },
  },
  // #region train
  async *train({ params, seed, done }, data, { table, follow }) {
    const { explore, discount, rate, price, episodes } = params;
    const random = seededRandom(seed + 1);
    for (let episode = 1; episode <= episodes; episode++) {
      const dice = Array.from(
        { length: board.MOST_MOVES },
        () => [random.uniform(), random.integer(4)] as const,
      );
      if (episode <= done) continue;
      let [cell, total] = [board.START, 0];
      for (const [chance, any] of dice) {
        const row = table.Q[cell]!;
        const action = chance < explore ? any : board.bestOf(row);
        const { cell: next, reward, over } = board.move(cell, action, price);
        const rest = over ? 0 : Math.max(...table.Q[next]!); // what the best move promises there
        row[action]! += rate * (reward + discount * rest - row[action]!);
        total += reward;
        if (over) break;
        cell = next;
      }
      const shown = follow(board.START);
      yield {
        metrics: { return: total, learnedReturn: shown.total, ...data },
        views: () => [board.valueView(table.Q, shown.cells), board.policyView(table.Q)],
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '从哪一格出发？',
      fields: {
        row: { label: '第几行（从上数）', default: 5, min: 1, max: 5, step: 1 },
        column: { label: '第几列', default: 1, min: 1, max: 5, step: 1 },
      },
    },
    infer(_run, _data, { table, follow }, input) {
      if (input.kind !== 'numbers') throw new InputError('这里只收行和列两个数。');
      const { row = 1, column = 1 } = input.values;
      const cell = (row - 1) * board.SIDE + column - 1;
      if (board.kindOf(cell) !== 'free') throw new InputError('这一格是坑或者终点，换一格。');
      const { cells, total } = follow(cell);
      const promises = board.ARROWS.map((arrow, i) => [arrow, short(table.Q[cell]![i]!)]);
      return [
        board.valueView(table.Q, cells),
        tableView(
          `走 ${cells.length - 1} 步，奖励总和 ${short(total)}；第一步各值多少`,
          ['往', '值'],
          promises,
        ),
      ];
    },
  },
});
