/** Q-learning heats a house against two fixed rules: energy and comfort side by side, at the reader's prices. */
import { defineExample, InputError } from '../contract/example.ts';
import { choice, number } from '../contract/params.ts';
import * as house from '../datasets/house.ts';
import { seededRandom } from '../datasets/random.ts';

const [DAYS, TESTS] = [20, 20];
const energy = { chart: '一天用电（度）', better: 'lower' } as const;
const bill = { chart: '一天电费加冷（元）', better: 'lower' } as const;
const cold = { chart: '一天冷了多少（度·小时）', better: 'lower' } as const;

export default defineExample({
  title: '会学的温控器，和一张作息表',
  summary: '冬天的房子，有人在家要 20 度；Q 学习自己试出怎样烧，和两条固定规则比电费、比冷暖。',
  techniques: ['science', 'evaluation'],
  params: {
    price: number('一度电几元', 0.6, [0, 3], 0.1),
    dear: number('冷 1 度 1 小时，算几元', 2, [0, 10], 0.5),
    judge: choice('舒适怎么量', 'always', {
      always: '有人在家就量',
      spot: '只在 8 点和 18 点抽查',
    }),
    explore: number('乱试的比例 ε', 0.1, [0, 1], 0.05),
    rate: number('学习率不低于', 0.01, [0.01, 0.5], 0.01),
    steps: number('步数（一步 20 天）', 200, [20, 1000], 20),
  },
  metrics: {
    energy: { label: 'Q 学习', ...energy },
    constantEnergy: { label: '一直 20 度', ...energy },
    scheduleEnergy: { label: '作息表', ...energy },
    bill: { label: 'Q 学习', ...bill },
    constantBill: { label: '一直 20 度', ...bill },
    scheduleBill: { label: '作息表', ...bill },
    cold: { label: 'Q 学习', ...cold },
    constantCold: { label: '一直 20 度', ...cold },
    scheduleCold: { label: '作息表', ...cold },
    tried: { label: 'Q 学习', chart: '试过的“时刻加目标”', better: 'higher', fraction: true },
  },
  presets: {
    spot: { label: '只在 8 点和 18 点抽查', params: { judge: 'spot' } },
    dearEnergy: { label: '一度电 3 元', params: { price: 3 } },
    warm: { label: '冷一度算 10 元', params: { dear: 10 } },
    short: { label: '只学 400 天', params: { steps: 20 } },
  },
  // #region data
  data({ seed }) {
    const random = seededRandom(seed);
    const tests = Array.from({ length: TESTS }, () => house.drawDay(random));
    const constant = house.live(tests, house.RULES.constant);
    const schedule = house.live(tests, house.RULES.schedule);
    return { tests, constant, schedule };
  },
  // #endregion
  // #region model
  model(run) {
    // What each target temperature promises from each moment on, in yuan.
    const Q = new Array<number>(house.STATES * house.TARGETS.length).fill(0);
    const table = run.state({ Q, visits: Q.slice() });
    const row = (state: number) => table.Q.slice(4 * state, 4 * state + 4);
    const best = (state: number) => row(state).indexOf(Math.max(...row(state)));
    return { table, row, best, control: (m: house.Moment) => best(house.stateOf(m)) };
  },
  // #endregion
  length: ({ params }) => params.steps,
  check: { steps: 200, expect: { cold: { atMost: 15 }, energy: { atMost: 88 } } },
  // #region train
  async *train(run, { tests, constant, schedule }, { table, row, best, control }) {
    const { price, dear, judge, explore, rate, steps } = run.params;
    const random = seededRandom(run.seed + 1);
    const held = run.state({ inside: 20 });
    const owed = ({ energy, cold }: house.Bill) => price * energy + dear * cold;
    const felt = (slot: number) =>
      judge === 'always' ? house.atHome(slot) : slot === 7 || slot === 18;
    for (let step = 1; step <= steps; step++) {
      const days = Array.from({ length: DAYS }, () => house.drawDay(random));
      const dice = Array.from(
        { length: DAYS * house.SLOTS },
        () => [random.uniform(), random.integer(4)] as const,
      );
      if (step <= run.done) continue;
      const outside = days.flat();
      for (const [hour, [chance, any]] of dice.entries()) {
        const slot = hour % house.SLOTS;
        const state = house.stateOf({ slot, inside: held.inside, outside: outside[hour]! });
        const action = chance < explore ? any : best(state);
        const lived = house.liveHour(held.inside, outside[hour]!, house.TARGETS[action]!);
        const reward = -price * lived.energy - dear * (felt(slot) ? lived.cold : 0);
        held.inside = lived.inside;
        const next = {
          slot: (slot + 1) % house.SLOTS,
          outside: outside[hour + 1] ?? outside[hour]!,
        };
        const rest = Math.max(...row(house.stateOf({ ...next, inside: lived.inside })));
        const place = 4 * state + action;
        const visits = ++table.visits[place]!;
        const alpha = Math.max(rate, 1 / visits); // at first the mean of what was seen
        table.Q[place]! += alpha * (reward + 0.97 * rest - table.Q[place]!);
      }
      const learned = house.live(tests, control);
      const tried = table.visits.filter((count) => count > 0).length / table.visits.length;
      yield {
        metrics: {
          ...{ energy: learned.energy, cold: learned.cold, tried },
          ...{ constantEnergy: constant.energy, constantCold: constant.cold },
          ...{ scheduleEnergy: schedule.energy, scheduleCold: schedule.cold },
          ...{ bill: owed(learned), constantBill: owed(constant), scheduleBill: owed(schedule) },
        },
        views: () => {
          const second = ({ inside }: house.Bill) => inside.slice(house.SLOTS, 2 * house.SLOTS);
          const lines = {
            'Q 学习': second(learned),
            '一直 20 度': second(constant),
            作息表: second(schedule),
          };
          return [
            house.dayView('没见过的一天', tests[1]!, lines),
            house.billView(
              { 'Q 学习': learned, '一直 20 度': constant, 作息表: schedule },
              price,
              dear,
            ),
          ];
        },
      };
    }
  },
  // #endregion
  probe: {
    input: {
      kind: 'numbers',
      label: '外面一天平均几度？',
      fields: { mean: { label: '外面（℃）', default: -3, min: -10, max: 15, step: 1 } },
    },
    infer({ params }, _data, { control }, input) {
      if (input.kind !== 'numbers') throw new InputError('这里只收一个温度。');
      // The same weather on two days; the second is shown, when the evening before was lived as well.
      const day = house.drawDay(seededRandom(0), input.values['mean']);
      const [learned, schedule] = [control, house.RULES.schedule].map((who) =>
        house.live([day, day], who),
      );
      const second = (inside: readonly number[]) => inside.slice(house.SLOTS);
      const lines = { 'Q 学习': second(learned!.inside), 作息表: second(schedule!.inside) };
      return [
        house.dayView('同样的天气，第二天', day, lines),
        house.billView({ 'Q 学习': learned!, 作息表: schedule! }, params.price, params.dear),
      ];
    },
  },
});
