/** A road that winds, a car on it, a teacher who steers, and drives by anyone's steering. Knows no tensor library. */
import type { ImagesView, PointsView, TableView } from '../contract/view.ts';
import { short, tableView } from './pictures.ts';
import type { SeededRandom } from './random.ts';

/** Metres ahead of the car at which its camera sees a line across the road. */
const LOOKS = [4, 9, 15] as const;
/** Pixels of a line, from left to right, over so many metres to each side. */
export const WIDTH = 25;
const [SIDE, BLUR] = [4, 0.35];
/** Pixels of the camera: the nearest line first. */
export const PIXELS = LOOKS.length * WIDTH;
/** Beyond this distance from the middle, in metres, the car has left its lane and is put back. */
export const EDGE = 2;
/** Steering of the size of 1 in the network's numbers, in radians per metre. */
export const FULL_STEERING = 0.1;
/** Metres from one gust to the next. */
const GUST_EVERY = 50;
const LIMIT = 0.25;

/** The middle of a lane, one point a metre. */
export interface Road {
  /** Metres that can be driven; beyond them there is still road to look at. */
  readonly length: number;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly headings: readonly number[];
  /** Radians per metre, above 0 to the left. */
  readonly bends: readonly number[];
}

export interface Car {
  x: number;
  y: number;
  heading: number;
  /** The metre of the road that is nearest. */
  at: number;
}

/** A road whose bend goes every 30 metres to another value between `−bend` and `bend`. */
export function drawRoad(random: SeededRandom, length: number, bend: number): Road {
  const [xs, ys, headings, bends]: number[][] = [[], [], [], []] as number[][];
  let [x, y, heading, from, to] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length + 40; i++) {
    if (i % 30 === 0) [from, to] = [to, bend * (2 * random.uniform() - 1)];
    const now = from + ((to - from) * (i % 30)) / 30;
    xs!.push(x);
    ys!.push(y);
    headings!.push(heading);
    bends!.push(now);
    heading += now;
    x += Math.cos(heading);
    y += Math.sin(heading);
  }
  return { length, xs: xs!, ys: ys!, headings: headings!, bends: bends! };
}

/** The car on the middle of its lane at a metre. */
export const carAt = ({ xs, ys, headings }: Road, at: number): Car => ({
  x: xs[at]!,
  y: ys[at]!,
  heading: headings[at]!,
  at,
});

/** Metres from the middle of the lane, above 0 to its left. */
export function offsetOf({ xs, ys, headings }: Road, { x, y, at }: Car): number {
  const heading = headings[at]!;
  return Math.cos(heading) * (y - ys[at]!) - Math.sin(heading) * (x - xs[at]!);
}

/** What the camera sees, `PIXELS` values 0 … 1: the line painted on the middle of the lane, a little blurred. */
export function look({ xs, ys }: Road, { x, y, heading, at }: Car): number[] {
  return LOOKS.flatMap((ahead) => {
    const [dx, dy] = [xs[at + ahead]! - x, ys[at + ahead]! - y];
    const left = Math.cos(heading) * dy - Math.sin(heading) * dx;
    return Array.from({ length: WIDTH }, (_, i) => {
      const place = SIDE - (2 * SIDE * i) / (WIDTH - 1); // metres to the left
      return Math.exp(-(((left - place) / BLUR) ** 2) / 2);
    });
  });
}

/** What the teacher steers, in radians per metre: the road's bend, less what brings the car back without swinging. */
export function teach(road: Road, car: Car): number {
  const turned = Math.sin(car.heading - road.headings[car.at]!);
  const steering = road.bends[car.at]! - 0.04 * offsetOf(road, car) - 0.4 * turned;
  return Math.max(-LIMIT, Math.min(LIMIT, steering));
}

/** What was seen on the way, and what the teacher would have steered there. */
export interface Lessons {
  readonly looks: number[][];
  /** In units of `FULL_STEERING`. */
  readonly steering: number[];
}

export interface Drive extends Lessons {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** Mean distance from the middle, in metres. */
  readonly offset: number;
  /** How often the car left its lane. */
  readonly departures: number;
}

/**
 * Drives a metre at a time. Every `GUST_EVERY` metres a gust pushes the car aside, to the left or the right by chance.
 * @param push how far a gust pushes, in metres.
 * @param steer radians per metre, from what the camera sees; the teacher's when absent.
 */
export function drive(
  road: Road,
  random: SeededRandom,
  push: number,
  steer?: (seen: readonly number[]) => number,
  [from, to]: readonly [from: number, to: number] = [0, road.length],
): Drive {
  const car = carAt(road, from);
  const [xs, ys, steering]: [number[], number[], number[]] = [[], [], []];
  const looks: number[][] = [];
  let [distance, departures] = [0, 0];
  for (let metre = from; metre < to; metre++) {
    if (metre % GUST_EVERY === GUST_EVERY / 2) {
      const aside = random.uniform() < 0.5 ? push : -push;
      car.x -= Math.sin(car.heading) * aside;
      car.y += Math.cos(car.heading) * aside;
    }
    const seen = look(road, car);
    const taught = teach(road, car);
    looks.push(seen);
    steering.push(taught / FULL_STEERING);
    xs.push(car.x);
    ys.push(car.y);
    distance += Math.min(Math.abs(offsetOf(road, car)), EDGE);
    car.heading += Math.max(-LIMIT, Math.min(LIMIT, steer ? steer(seen) : taught));
    car.x += Math.cos(car.heading);
    car.y += Math.sin(car.heading);
    car.at = nearest(road, car);
    if (Math.abs(offsetOf(road, car)) > EDGE || car.at < metre - 20) {
      departures++;
      Object.assign(car, carAt(road, metre + 1));
    }
  }
  return { looks, steering, xs, ys, offset: distance / (to - from), departures };
}

/** Mean offset and departures of a drive, as a pair. */
export const scores = ({ offset, departures }: Drive): number[] => [offset, departures];

/** The metre nearest to the car, among those about where it was. */
function nearest({ xs, ys, length }: Road, { x, y, at }: Car): number {
  let best = at;
  let least = Infinity;
  for (let i = Math.max(0, at - 1); i <= Math.min(length, at + 3); i++) {
    const square = (xs[i]! - x) ** 2 + (ys[i]! - y) ** 2;
    if (square < least) [least, best] = [square, i];
  }
  return best;
}

/** The middle of the lane and the ways driven along its first 300 metres, seen from above. */
export function roadView(road: Road, drives: Readonly<Record<string, Drive>>): PointsView {
  const line = (label: string, xs: readonly number[], ys: readonly number[]) => ({
    label,
    xs: xs.slice(0, 300).map((x) => short(x, 4)),
    ys: ys.slice(0, 300).map((y) => short(y, 4)),
  });
  return {
    kind: 'points',
    title: '从上面看，考试路的头 300 米',
    x: { label: '东（米）' },
    y: { label: '北（米）' },
    points: [{ label: '起点', group: 0, xs: [0], ys: [0] }],
    lines: [
      line('车道正中', road.xs, road.ys),
      ...Object.entries(drives).map(([label, { xs, ys }]) => line(label, xs, ys)),
    ],
  };
}

/**
 * Steering by a network with one hidden layer of tanh, outside of the tensor library, one picture at a time.
 * @param weights into the hidden units `[PIXELS, hidden]`, their biases, out of them, the bias of the answer.
 */
export function driverOf(
  weights: readonly ArrayLike<number>[],
): (seen: readonly number[]) => number {
  const [into, biases, out, bias] = weights as [
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  const hidden = biases.length;
  return (seen) => {
    let steering = bias[0]!;
    for (let unit = 0; unit < hidden; unit++) {
      let sum = biases[unit]!;
      for (let i = 0; i < seen.length; i++) sum += seen[i]! * into[i * hidden + unit]!;
      steering += Math.tanh(sum) * out[unit]!;
    }
    return steering * FULL_STEERING;
  };
}

/** A car put aside of its lane's middle: what its camera sees, what the teacher and two networks steer. */
export function asideViews(
  road: Road,
  metre: number,
  aside: number,
  copy: (seen: readonly number[]) => number,
  pupil: (seen: readonly number[]) => number,
): readonly [TableView, ImagesView] {
  const car = carAt(road, Math.round(metre));
  car.x -= Math.sin(car.heading) * aside;
  car.y += Math.cos(car.heading) * aside;
  const seen = look(road, car);
  const say = (steering: number): string => {
    const degrees = (steering * 180) / Math.PI;
    if (Math.abs(degrees) < 0.05) return '直走';
    return `往${degrees > 0 ? '左' : '右'} ${Math.abs(degrees).toFixed(1)}°`;
  };
  const rows = [
    ['老师', say(teach(road, car))],
    ['只学老师', say(copy(seen))],
    ['补过课', say(pupil(seen))],
  ];
  const lines = Array.from({ length: LOOKS.length }, (_, i) =>
    seen.slice(i * WIDTH, (i + 1) * WIDTH),
  );
  const pixels = lines.reverse().flatMap((line) => [...line, ...line, ...line]);
  return [
    tableView('下一米方向打多少', ['谁', '转'], rows),
    {
      kind: 'images',
      title: '摄像头看到的：上面一行远，下面一行近',
      width: WIDTH,
      height: 3 * LOOKS.length,
      images: [{ pixels, caption: `第 ${Math.round(metre)} 米` }],
    },
  ];
}
