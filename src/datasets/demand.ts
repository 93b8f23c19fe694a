/** Draws a bakery's daily demand and knows the cheapest order: the newsvendor's quantile. Knows no tensor library. */
import type { CurveView, TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

export const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const;
const WEEKDAY_FACTORS = [0.8, 0.75, 0.8, 0.9, 1.2, 1.6, 1.3];
const [USUAL, PROMOTION] = [30, 1.5];
/** Seven for the weekday, promotion, temperature. */
export const INPUTS = WEEKDAYS.length + 2;

/** What is known of a day before it begins. */
export interface Day {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly promotion: boolean;
  /** Degrees Celsius, as if its forecast were exact. */
  readonly temperature: number;
}

/** How much a piece too few and a piece too many cost, in yuan. */
export interface Prices {
  readonly miss: number;
  readonly left: number;
}

/** Mean demand of a day, in pieces. */
export const meanDemand = ({ weekday, promotion, temperature }: Day): number =>
  USUAL *
  WEEKDAY_FACTORS[weekday]! *
  (promotion ? PROMOTION : 1) *
  Math.exp(-0.015 * (temperature - 20));

/** What is ordered out of habit: the usual demand of the weekday, whatever else there is. */
export const habit = ({ weekday }: Day): number =>
  Math.round(meanDemand({ weekday, promotion: false, temperature: 20 }));

/** The inputs for a day, each of the size of 1. */
export function inputsOf({ weekday, promotion, temperature }: Day): number[] {
  const row = new Array<number>(INPUTS).fill(0);
  row[weekday] = 1;
  row[WEEKDAYS.length] = promotion ? 1 : 0;
  row[WEEKDAYS.length + 1] = (temperature - 20) / 8;
  return row;
}

/** A draw from Poisson's distribution: arrivals until their waiting times add up to `rate`. */
export function drawPoisson(random: SeededRandom, rate: number): number {
  let count = -1;
  for (let waited = 0; waited < rate; count++) waited -= Math.log(1 - random.uniform());
  return Math.max(0, count);
}

/**
 * Days in a row from a Monday, and what was asked for: Poisson, its rate shaken each day by a factor that nobody knows
 * (log-normal with mean 1).
 */
export function drawDays(random: SeededRandom, count: number, spread: number) {
  return Array.from({ length: count }, (_, i) => {
    const day: Day = {
      weekday: i % WEEKDAYS.length,
      promotion: random.uniform() < 0.15,
      temperature: 20 + 8 * random.normal(),
    };
    const shake = Math.exp(spread * random.normal() - spread ** 2 / 2);
    return { ...day, demand: drawPoisson(random, meanDemand(day) * shake) };
  });
}

/** Chances of the demands 0, 1, 2, … of a day with this mean, until next to nothing is left. */
export function demandChances(mean: number, spread: number): number[] {
  const chances = new Array<number>(Math.ceil(mean * Math.exp(4 * spread) * 1.5 + 30)).fill(0);
  // The middles of slices of equal chance stand for the normal draw; without a spread one is enough.
  const slices = spread > 0 ? NORMAL_MIDDLES : [0];
  for (const z of slices) {
    const rate = mean * Math.exp(spread * z - spread ** 2 / 2);
    let logChance = -rate;
    for (let count = 0; count < chances.length; count++) {
      if (count > 0) logChance += Math.log(rate / count);
      chances[count]! += Math.exp(logChance) / slices.length;
    }
  }
  return chances;
}

/** Chances of the demands of one day. */
export const chancesOf = (day: Day, spread: number): number[] =>
  demandChances(meanDemand(day), spread);

/** Cost of one day: so many ordered, so many asked for. */
export const dayCost = (order: number, demand: number, { miss, left }: Prices): number =>
  order < demand ? miss * (demand - order) : left * (order - demand);

/** The part of days on which the cheapest order is enough: miss / (miss + left). */
export const criticalRatio = ({ miss, left }: Prices): number => miss / (miss + left);

/** The cheapest order: the least number that is enough with a chance of at least the critical ratio. */
export function bestOrder(chances: readonly number[], prices: Prices): number {
  const ratio = criticalRatio(prices);
  let enough = 0;
  for (let order = 0; order < chances.length; order++) {
    enough += chances[order]!;
    if (enough >= ratio) return order;
  }
  return chances.length - 1;
}

/** Mean cost of an order when demand has these chances. */
export const expectedCost = (order: number, chances: readonly number[], prices: Prices): number =>
  chances.reduce((sum, chance, demand) => sum + chance * dayCost(order, demand, prices), 0);

/** What a way of ordering cost over some days. */
export interface Bill {
  /** Yuan a day. */
  readonly cost: number;
  /** Part of the days that were sold out with someone left wanting. */
  readonly short: number;
  /** Pieces thrown away a day. */
  readonly thrown: number;
}

/** Before the first test. */
export const NO_BILL: Bill = { cost: 0, short: 0, thrown: 0 };

/** The bill of orders against demands, day by day. */
export function billOf(
  orders: ArrayLike<number>,
  demands: readonly number[],
  prices: Prices,
): Bill {
  const mean = (value: (order: number, demand: number) => number): number =>
    demands.reduce((sum, demand, i) => sum + value(orders[i]!, demand), 0) / demands.length;
  return {
    cost: mean((order, demand) => dayCost(order, demand, prices)),
    short: mean((order, demand) => Number(order < demand)),
    thrown: mean((order, demand) => Math.max(0, order - demand)),
  };
}

/** Four weeks of demand and orders; the bills of the learned order, of the mean, of last week's copy and of the best. */
export function billViews(
  lines: Readonly<Record<string, ArrayLike<number>>>,
  bills: readonly Bill[],
): readonly [CurveView, TableView] {
  const days = Array.from({ length: 28 }, (_, i) => i + 1);
  const series = Object.entries(lines).map(([label, values]) => {
    return { label, xs: days, ys: days.map((day) => short(values[day - 1]!)) };
  });
  const rows = bills.map((bill, i) => [
    ['学出来的进货量', '进平均需求', '照抄上周', '知道真分布的人'][i]!,
    bill.cost.toFixed(1),
    `${(100 * bill.short).toFixed(0)}%`,
    bill.thrown.toFixed(1),
  ]);
  return [
    {
      kind: 'curve',
      title: '考试期头四周',
      x: { label: '天（第 1 天是周一）' },
      y: { label: '个', min: 0 },
      series,
    },
    tableView('考试期的账', ['办法', '每天亏几元', '缺货的天', '每天扔几个'], rows),
  ];
}

/** What each number ordered costs on a day, and what the learned order, the mean and the best one cost. */
export function orderViews(
  day: Day,
  prices: Prices & { readonly spread: number },
  learned: number,
  mean: number,
): readonly [TableView, CurveView] {
  const chances = chancesOf(day, prices.spread);
  const orders = [learned, mean, bestOrder(chances, prices)];
  const most = Math.max(...orders) * 2;
  const xs = Array.from({ length: 41 }, (_, i) => Math.round((most * i) / 40));
  const rows = orders.map((order, i) => [
    ['学出来的进货量', '进平均需求', '知道真分布的人'][i]!,
    order,
    expectedCost(order, chances, prices).toFixed(1),
  ]);
  return [
    tableView('这一天', ['办法', '进几个', '平均亏几元'], rows),
    {
      kind: 'curve',
      title: '进几个，平均亏几元',
      x: { label: '进货量' },
      y: { label: '平均亏几元', min: 0 },
      series: [
        { label: '按真分布算', xs, ys: xs.map((x) => short(expectedCost(x, chances, prices))) },
      ],
    },
  ];
}

/** z of the middles of 41 slices of equal chance, by bisection. */
const NORMAL_MIDDLES = Array.from({ length: 41 }, (_, i) => normalQuantile((i + 0.5) / 41));

function normalQuantile(part: number): number {
  let [low, high] = [-8, 8];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < part) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(z) by Simpson's rule on the density from 0 to z. */
function normalBelow(z: number): number {
  const parts = 100;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density((z * i) / parts);
  return 0.5 + (sum * z) / parts / 3;
}
