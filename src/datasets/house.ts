/** A house in winter: how it warms and cools, who is at home, and what a controller costs. Knows no learning rule. */
import type { CurveView, Series, TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Hours of a day; a controller decides once an hour. */
export const SLOTS = 24;
/** What the heater can be told to hold, °C. */
export const TARGETS = [14, 17, 20, 21] as const;
/** The temperature people at home want at least, °C. */
export const WANTED = 20;
/** Hours between two looks of the heater at its own thermometer. */
const TICK = 0.25;
/** Hours in which an unheated house loses 63 % of its lead over the outside. */
const COOLING = 15;
/** Kilowatt hours that warm the house by one degree. */
const CAPACITY = 3;
const STRONGEST = 10;

/** At home from midnight to 8, and from 18 on. */
export const atHome = (slot: number): boolean => slot < 8 || slot >= 18;

/** Outside temperature of each hour of a day: coldest at 3, with the day's own mean, 2 ± 3 °C unless given. */
export const drawDay = (random: SeededRandom, mean = 2 + 3 * random.normal()): readonly number[] =>
  Array.from({ length: SLOTS }, (_, slot) => mean - 4 * Math.cos(((slot - 2.5) / 12) * Math.PI));

/** The inside temperature after some hours, exactly, for a constant outside temperature and power in kilowatts. */
export function warm(inside: number, outside: number, power: number, hours: number): number {
  const rest = outside + (power * COOLING) / CAPACITY;
  return rest + (inside - rest) * Math.exp(-hours / COOLING);
}

export interface Hour {
  readonly inside: number;
  /** Kilowatt hours. */
  readonly energy: number;
  /** Degrees times hours below `WANTED`, whoever is there. */
  readonly cold: number;
}

/** One hour with the heater told to hold a target: four times it heats just as much as brings the house there, if it can. */
export function liveHour(start: number, outside: number, target: number): Hour {
  let [inside, energy, cold] = [start, 0, 0];
  for (let left = 1 / TICK; left > 0; left--) {
    const keep = Math.exp(-TICK / COOLING);
    const needed = ((target - inside * keep) / (1 - keep) - outside) * (CAPACITY / COOLING);
    const power = Math.min(STRONGEST, Math.max(0, needed));
    inside = warm(inside, outside, power, TICK);
    energy += power * TICK;
    cold += Math.max(0, WANTED - inside - 1e-9) * TICK;
  }
  return { inside, energy, cold };
}

/** Where a controller stands: the hour, the inside and the outside temperature. */
export interface Moment {
  readonly slot: number;
  readonly inside: number;
  readonly outside: number;
}
/** Chooses one of `TARGETS` by its number. */
export type Controller = (moment: Moment) => number;

/** Number of a moment for a table: hour × inside in whole degrees from 8 to 22 °C × six kinds of weather. */
export function stateOf({ slot, inside, outside }: Moment): number {
  const warmth = Math.min(14, Math.max(0, Math.round(inside) - 8));
  const weather = Math.min(5, Math.max(0, Math.floor((outside + 5) / 3)));
  return (slot * 15 + warmth) * 6 + weather;
}
export const STATES = SLOTS * 15 * 6;

/** Two rules that need no learning. */
export const RULES: Readonly<Record<'constant' | 'schedule', Controller>> = {
  constant: () => 2,
  // 14 °C while nobody is there, heating again from three o'clock.
  schedule: ({ slot }) => (slot >= 8 && slot < 15 ? 0 : 2),
};

export interface Bill {
  /** Kilowatt hours a day. */
  readonly energy: number;
  /** Degrees times hours below 20 °C a day while somebody is at home. */
  readonly cold: number;
  /** Inside temperatures of every hour. */
  readonly inside: readonly number[];
}

/** Lets a controller run a house through days, beginning at 20 °C. */
export function live(days: readonly (readonly number[])[], control: Controller): Bill {
  let [inside, energy, cold] = [WANTED, 0, 0];
  const trace: number[] = [];
  for (const day of days) {
    day.forEach((outside, slot) => {
      const target = TARGETS[control({ slot, inside, outside })] ?? WANTED;
      const hour = liveHour(inside, outside, target);
      inside = hour.inside;
      energy += hour.energy;
      if (atHome(slot)) cold += hour.cold;
      trace.push(inside);
    });
  }
  return { energy: energy / days.length, cold: cold / days.length, inside: trace };
}

/** One day inside under several controllers, and outside. */
export function dayView(
  title: string,
  day: readonly number[],
  lines: Readonly<Record<string, readonly number[]>>,
): CurveView {
  const xs = day.map((_, slot) => slot + 1);
  const line = (label: string, ys: readonly number[]): Series => ({
    ...{ label, xs, ys: ys.map((value) => short(value)) },
  });
  const wanted = day.map((_, slot) => (atHome(slot) ? WANTED : NaN));
  return {
    kind: 'curve',
    title,
    x: { label: '几点', min: 0, max: SLOTS },
    y: { label: '温度（℃）' },
    series: [
      ...Object.entries(lines).map(([label, ys]) => line(label, ys)),
      line('外面', day),
      { label: '有人在家，要 20 度', xs, ys: wanted },
    ],
  };
}

/** Several controllers' days side by side, at these prices of a kilowatt hour and of an hour one degree too cold. */
export const billView = (
  bills: Readonly<Record<string, Bill>>,
  price: number,
  dear: number,
): TableView =>
  tableView(
    '平均一天',
    ['谁在管', '电（度）', '电费（元）', '冷（度·小时）', '电费加冷（元）'],
    Object.entries(bills).map(([who, { energy, cold }]) => [
      ...[who, short(energy), short(energy * price)],
      ...[short(cold), short(energy * price + cold * dear)],
    ]),
  );
