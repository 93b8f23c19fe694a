/** Counts the bytes of rounded and thinned-out weights, and draws what they cost in accuracy. Knows no model. */
import type { View } from '../contract/view.ts';
import { imagesView, short, tableView } from './pictures.ts';

/** Bytes of a 32-bit number. */
const FLOAT = 4;

/**
 * Bytes of a network whose matrices (`[inputs, units]`) hold `bits` bits a weight, with a 32-bit scale for every unit or
 * for the whole matrix, and 32-bit biases. With 32 bits there are no scales.
 */
export function sizeInBytes(
  shapes: readonly (readonly number[])[],
  bits: number,
  scaleEachUnit: boolean,
): number {
  let bytes = 0;
  for (const [inputs = 0, units = 0] of shapes) {
    const scales = bits === 32 ? 0 : scaleEachUnit ? units : 1;
    bytes += Math.ceil((inputs * units * bits) / 8) + FLOAT * (scales + units);
  }
  return bytes;
}

/** How far rounded weights lie from the true ones: root of the mean square, over that of the weights. */
export function relativeError(weights: ArrayLike<number>, rounded: ArrayLike<number>): number {
  let [error, size] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i] as number;
    error += (w - (rounded[i] as number)) ** 2;
    size += w ** 2;
  }
  return Math.sqrt(error / size);
}

/** One way to store the network: what it takes and what it is worth. */
export interface Stored {
  readonly bits: number;
  readonly bytes: number;
  readonly accuracy: number;
  /** `[64 · units]`: the first matrix as it is used, row by row. */
  readonly weights: ArrayLike<number>;
}

/** Accuracy over bits, the same with bytes and the error of the weights, and the first units' weights before and after. */
export function storedViews(full: Stored, rounded: readonly Stored[], shown: Stored): View[] {
  const rows = [full, ...rounded].map(({ bits, bytes, accuracy, weights }) => [
    bits,
    bytes,
    short(full.bytes / bytes),
    short(relativeError(full.weights, weights)),
    short(accuracy),
  ]);
  return [
    {
      kind: 'curve',
      title: '位数和准确率',
      x: { label: '每个权重几位' },
      y: { label: '没见过的 359 张，准确率', min: 0, max: 1 },
      series: [
        {
          label: '量化以后',
          xs: rounded.map(({ bits }) => bits),
          ys: rounded.map(({ accuracy }) => accuracy),
        },
        {
          label: '32 位',
          xs: [rounded.at(-1)?.bits ?? 0, rounded[0]?.bits ?? 0],
          ys: [full.accuracy, full.accuracy],
        },
      ],
    },
    tableView('价钱和毛病', ['位', '字节', '小到几分之一', '第一层权重的误差', '准确率'], rows),
    unitsView(full, shown),
  ];
}

/** The 64 incoming weights of the last three units before, then after rounding: white is the least, black the greatest. */
function unitsView(full: Stored, rounded: Stored): View {
  const units = full.weights.length / 64;
  const shown = [units - 3, units - 2, units - 1];
  const column = ({ weights }: Stored, unit: number) =>
    Array.from({ length: 64 }, (_, pixel) => weights[pixel * units + unit] as number);
  const images = [full, rounded].flatMap((stored) =>
    shown.map((unit) => {
      const most = Math.max(...column(full, unit).map(Math.abs)) || 1;
      const shade = (w: number) => Math.min(1, Math.max(0, 0.5 + w / most / 2));
      return {
        pixels: column(stored, unit).map(shade),
        caption: `单元 ${unit}，${stored.bits} 位`,
      };
    }),
  );
  return imagesView('三个单元的 64 个权重，前和后', 8, images);
}

/** How two networks read the same 8 × 8 picture: each `[name, probabilities of the ten digits]`. */
export function readTwice(
  pixels: readonly number[],
  ...readings: readonly (readonly [name: string, chances: ArrayLike<number>])[]
): View[] {
  const best = readings.map(([name, chances]) => {
    const all = Array.from(chances);
    return `${name}读作 ${all.indexOf(Math.max(...all))}`;
  });
  const rows = Array.from({ length: 10 }, (_, digit) => [
    digit,
    ...readings.map(([, chances]) => (chances[digit] as number).toFixed(3)),
  ]);
  return [
    tableView(best.join('，'), ['数字', ...readings.map(([name]) => name)], rows),
    imagesView('缩成 8×8', 8, [{ pixels, caption: '网络看到的' }]),
  ];
}
