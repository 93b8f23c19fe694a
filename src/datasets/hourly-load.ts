/** Draws the hourly load of a town, cuts it into days to learn and to test, and scores baselines. Knows no model. */
import type { CurveView, TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

export const HOURS = 24;
const WEEK = 7 * HOURS;
/** Standard deviation of what no forecast can know, in megawatts. */
export const NOISE = 1.5;
export interface HourlyLoad {
  /** Megawatts, one number an hour from midnight of a Monday. */
  readonly load: Float32Array;
  /** Degrees Celsius at the same hours. */
  readonly temperature: Float32Array;
  /** Whether the day is free of work: Saturday, Sunday, or a holiday. One entry a day. */
  readonly free: readonly boolean[];
}

const bump = (hour: number, middle: number, width: number): number =>
  Math.exp(-(((hour - middle) / width) ** 2) / 2);

/** What the town takes at an hour of a day, without noise, in megawatts. */
export function expectedLoad(hour: number, free: boolean, temperature: number): number {
  const daily = free
    ? 6 * bump(hour, 11, 3.5) + 8 * bump(hour, 20, 2.5)
    : 11 * bump(hour, 9, 2.2) + 7 * bump(hour, 14, 2.5) + 10 * bump(hour, 19, 2.2);
  const cooling = 1.1 * Math.max(0, temperature - 22);
  const heating = 0.8 * Math.max(0, 16 - temperature);
  return 20 + daily + cooling + heating;
}

/**
 * Days of early summer: it grows warmer, with spells of some days and a daily swing.
 * @param holidays how many of the last days are free although they are weekdays.
 */
export function drawLoad(random: SeededRandom, days: number, holidays = 0): HourlyLoad {
  const load = new Float32Array(days * HOURS);
  const temperature = new Float32Array(days * HOURS);
  const free: boolean[] = [];
  let spell = 0;
  for (let day = 0; day < days; day++) {
    spell = 0.7 * spell + 2.5 * random.normal();
    free.push(day % 7 >= 5 || day >= days - holidays);
    for (let hour = 0; hour < HOURS; hour++) {
      const at = day * HOURS + hour;
      temperature[at] = 18 + (6 * day) / days + spell + 5 * Math.sin(((hour - 9) * Math.PI) / 12);
      load[at] = expectedLoad(hour, free[day]!, temperature[at]) + NOISE * random.normal();
    }
  }
  return { load, temperature, free };
}

/** What a forecast may look at. */
export interface Sight {
  /** The load of a day and of a week before. */
  readonly past: boolean;
  /** Weekday or weekend, by the calendar: a holiday in the week is not in it. */
  readonly calendar: boolean;
  /** The temperature of the hour, as if its forecast were exact. */
  readonly weather: boolean;
}

/** Inputs: 24 for the hour, 24 for the hour of a weekend, load of a day and of a week before, temperature. */
export const INPUTS = 2 * HOURS + 3;

/** The inputs for one hour, each of the size of 1; what may not be seen is 0. */
export function inputsFor(
  hour: number,
  weekend: boolean,
  loads: readonly [dayBefore: number, weekBefore: number],
  temperature: number,
  { past, calendar, weather }: Sight,
): number[] {
  const row = new Array<number>(INPUTS).fill(0);
  row[hour] = 1;
  if (calendar && weekend) row[HOURS + hour] = 1;
  if (past)
    [row[2 * HOURS], row[2 * HOURS + 1]] = loads.map((load) => scaleLoad(load)) as [number, number];
  if (weather) row[2 * HOURS + 2] = (temperature - 20) / 6;
  return row;
}

/** Megawatts to numbers about 0, and back. */
export const scaleLoad = (load: number): number => (load - 28) / 7;
export const unscaleLoad = (value: number): number => 7 * value + 28;

/** Rows for a day that is so warm at three in the afternoon, its warmest hour, after usual days of 22 degrees; and its load without noise. */
export function usualDay(weekend: boolean, warmth: number, sight: Sight) {
  const hours = Array.from({ length: HOURS }, (_, hour) => {
    const degrees = warmth - 5 + 5 * Math.sin(((hour - 9) * Math.PI) / 12);
    const usual = expectedLoad(hour, weekend, 22);
    const row = inputsFor(hour, weekend, [usual, usual], degrees, sight);
    return { row, load: expectedLoad(hour, weekend, degrees) };
  });
  return { rows: hours.map(({ row }) => row), noiseless: hours.map(({ load }) => load) };
}

/** Rows for the hours of the days `from … to − 1`; the first week has no week before it. */
export function rowsOf(
  { load, temperature }: HourlyLoad,
  from: number,
  to: number,
  sight: Sight,
): { readonly inputs: number[][]; readonly loads: number[] } {
  const hours = Array.from({ length: (to - from) * HOURS }, (_, i) => from * HOURS + i);
  const inputs = hours.map((at) =>
    inputsFor(
      at % HOURS,
      Math.floor(at / HOURS) % 7 >= 5,
      [load[at - HOURS]!, load[at - WEEK]!],
      temperature[at]!,
      sight,
    ),
  );
  return { inputs, loads: hours.map((at) => load[at]!) };
}

/** Forecasts that need no training, for the hours of the days `from … to − 1`, in megawatts. */
export function baselines(
  { load, temperature, free }: HourlyLoad,
  from: number,
  to: number,
): Readonly<Record<'dayBefore' | 'weekBefore' | 'weeklyMean' | 'noiseless', readonly number[]>> {
  const hours = Array.from({ length: (to - from) * HOURS }, (_, i) => from * HOURS + i);
  return {
    dayBefore: hours.map((at) => load[at - HOURS]!),
    weekBefore: hours.map((at) => load[at - WEEK]!),
    /** Mean of the same hour of the week over all weeks before `from`. */
    weeklyMean: hours.map((at) => {
      const past: number[] = [];
      for (let t = at % WEEK; t < from * HOURS; t += WEEK) past.push(load[t]!);
      return past.reduce((a, b) => a + b, 0) / past.length;
    }),
    /** What a forecast would say that knows everything but the noise. */
    noiseless: hours.map((at) =>
      expectedLoad(at % HOURS, free[Math.floor(at / HOURS)]!, temperature[at]!),
    ),
  };
}

/** Mean of the distances between two lists, in their unit. */
export const meanDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
};

/** Hourly curves, one line for each name. */
export const hoursView = (
  title: string,
  lines: Readonly<Record<string, ArrayLike<number>>>,
): CurveView => ({
  kind: 'curve',
  title,
  x: { label: '小时' },
  y: { label: '负荷（兆瓦）' },
  series: Object.entries(lines).map(([label, values]) => ({
    label,
    xs: Array.from({ length: values.length }, (_, i) => i),
    ys: Array.from(values, (value) => short(value, 4)),
  })),
});

/** The last three days as curves, with the first of the named forecasts, and the mean error of each in a table. */
export function forecastViews(
  loads: readonly number[],
  forecasts: Readonly<Record<string, readonly number[]>>,
): readonly [CurveView, TableView] {
  const last = (values: readonly number[]): readonly number[] => values.slice(-3 * HOURS);
  const [[name, best] = ['', []]] = Object.entries(forecasts);
  return [
    hoursView('考试期最后三天', { 真的: last(loads), [name]: last(best) }),
    tableView(
      '14 天里平均差多少',
      ['办法', '兆瓦'],
      Object.entries(forecasts).map(([each, values]) => [
        each,
        meanDistance(values, loads).toFixed(2),
      ]),
    ),
  ];
}
