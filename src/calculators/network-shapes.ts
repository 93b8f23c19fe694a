/** What comes out of each layer of a network that the reader assembles, and how many weights it has. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import { placesOf, samePadding } from './layers/sliding.ts';
import { tex } from './notation/numbers.ts';

/** Kinds of layers by key: `conv3-32` has 32 kernels of 3×3, `pool2` a window and a step of 2, `dense64` 64 units. */
const LAYERS = {
  none: '空着',
  'conv3-8': '卷积 3×3，8 个核',
  'conv3-16': '卷积 3×3，16 个核',
  'conv3-32': '卷积 3×3，32 个核',
  'conv3-64': '卷积 3×3，64 个核',
  'conv3-128': '卷积 3×3，128 个核',
  'conv5-6': '卷积 5×5，6 个核',
  'conv5-16': '卷积 5×5，16 个核',
  'conv5-32': '卷积 5×5，32 个核',
  'conv1-32': '卷积 1×1，32 个核',
  pool2: '池化 2×2',
  pool3: '池化 3×3',
  global: '全局平均池化',
  flatten: '展平',
  dense10: '全连接，10 个单元',
  dense64: '全连接，64 个单元',
  dense120: '全连接，120 个单元',
  dense84: '全连接，84 个单元',
  dense128: '全连接，128 个单元',
  dense512: '全连接，512 个单元',
} as const;

/** Height, width and channels of a picture, or the one length of a vector. */
type Shape = readonly [number, number, number] | readonly [number];

interface Built {
  readonly name: string;
  readonly output: Shape;
  readonly weights: number;
  /** Multiplications for one input. */
  readonly products: number;
  /** How the weights were counted, KaTeX source; absent where there are none. */
  readonly counted?: string;
}

/** `卷积 3×3，32 个核` → `卷积 3×3×32`, as the table has little room. */
const shortName = (name: string): string =>
  name.replace(/，(\d+) 个核$/, '×$1').replace(/，(\d+) 个单元$/, ' $1');

const shapeText = (shape: Shape): string => shape.join('×');
const numbersIn = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

/** `3 \times 3`; a count in a formula never has a sign or a fraction. */
const times = (...factors: readonly number[]): string =>
  factors.map((n) => tex(n)).join(' \\times ');

/** @throws CalculatorError at `slot` when this layer cannot take what comes. */
function build(slot: string, key: string, input: Shape, same: boolean): Built {
  const name = LAYERS[key as keyof typeof LAYERS];
  const refuse = (message: string): never => {
    throw new CalculatorError(slot, message);
  };
  const [, kind = '', first = '', second = ''] = /^([a-z]+)(\d*)(?:-(\d+))?$/.exec(key) ?? [];
  const [size, count] = [Number(first), Number(second)];
  if (kind === 'dense') {
    const [length, ...rest] = input;
    if (rest.length > 0)
      refuse(
        `来的是 ${shapeText(input)} 的图，全连接层要一列数。前面加一层“展平”或“全局平均池化”。`,
      );
    return {
      name,
      output: [size],
      weights: (length + 1) * size,
      products: length * size,
      counted: `${times(length, size)} + ${tex(size)} = ${tex((length + 1) * size)}`,
    };
  }
  if (input.length === 1)
    return refuse(
      `来的是一列 ${input[0]} 个数，已经没有行和列，${name}放不了。把它挪到“展平”前面。`,
    );
  const [height, width, channels] = input;
  if (kind === 'flatten') return { name, output: [numbersIn(input)], weights: 0, products: 0 };
  if (kind === 'global') return { name, output: [channels], weights: 0, products: 0 };
  const stride = kind === 'pool' ? size : 1;
  const placesIn = (length: number): number =>
    placesOf(
      length,
      size,
      stride,
      same && kind === 'conv' ? samePadding(length, size, stride) : { before: 0, after: 0 },
    );
  const [down, across] = [placesIn(height), placesIn(width)];
  if (down < 1 || across < 1)
    refuse(
      `来的图只有 ${height}×${width}，${size}×${size} 的窗口放不下。去掉前面一层池化，或者给卷积补零。`,
    );
  if (kind === 'pool') return { name, output: [down, across, channels], weights: 0, products: 0 };
  const each = size * size * channels;
  return {
    name,
    output: [down, across, count],
    weights: (each + 1) * count,
    products: each * count * down * across,
    counted: `${times(size, size, channels, count)} + ${tex(count)} = ${tex((each + 1) * count)}`,
  };
}

const slotOption = <const K extends keyof typeof LAYERS>(at: number, key: K) =>
  ({ label: `第 ${at} 层`, default: key, options: LAYERS }) as const;

export default defineCalculator({
  title: '拼一个网络，数它的权重',
  summary: '一层一层地选，每层输出多大、有几个权重，当场算。默认是文档 003 的 CIFAR-10 网络。',
  inputs: {
    height: { symbol: 'h', label: '图的高', default: 32, min: 1, max: 512, integer: true },
    width: { symbol: 'w', label: '图的宽', default: 32, min: 1, max: 512, integer: true },
    channels: { symbol: 'c', label: '通道，彩色是 3', default: 3, min: 1, max: 64, integer: true },
    padding: {
      label: '卷积补零',
      default: 'valid',
      options: { valid: '不补，每层小一圈（valid）', same: '补到一样大（same）' },
    },
    layer1: slotOption(1, 'conv3-32'),
    layer2: slotOption(2, 'pool2'),
    layer3: slotOption(3, 'conv3-64'),
    layer4: slotOption(4, 'pool2'),
    layer5: slotOption(5, 'conv3-64'),
    layer6: slotOption(6, 'flatten'),
    layer7: slotOption(7, 'dense64'),
    layer8: slotOption(8, 'dense10'),
  },
  compute(values) {
    const slots = (
      ['layer1', 'layer2', 'layer3', 'layer4', 'layer5', 'layer6', 'layer7', 'layer8'] as const
    )
      .map((slot) => ({ slot, key: values[slot] }))
      .filter(({ key }) => key !== 'none');
    if (slots.length === 0) throw new CalculatorError('layer1', '一层也没有，选一层。');
    const input: Shape = [values.height, values.width, values.channels];
    const same = values.padding === 'same';
    const assemble = (chosen: typeof slots): Built[] => {
      let shape: Shape = input;
      return chosen.map(({ slot, key }) => {
        const layer = build(slot, key, shape, same);
        shape = layer.output;
        return layer;
      });
    };
    const layers = assemble(slots);
    const sum = (of: (layer: Built) => number, list = layers): number =>
      list.reduce((total, layer) => total + of(layer), 0);
    const total = sum(({ weights }) => weights);
    const convolutions = layers.filter(({ name }) => name.startsWith('卷积'));
    const dense = layers.filter(({ name }) => name.startsWith('全连接'));
    // the same network without its pooling, to see what pooling saves and where
    const bare = assemble(slots.filter(({ key }) => !key.startsWith('pool')));
    return {
      steps: [
        ...layers.map(({ name, output, counted }) => ({
          text: `${name}：输出 ${shapeText(output)}。`,
          tex: counted ?? '0',
        })),
        {
          text: '全部权重和偏置。',
          tex: `${
            layers
              .filter(({ weights }) => weights > 0)
              .map(({ weights }) => tex(weights))
              .join(' + ') || '0'
          } = ${tex(total)}`,
        },
      ],
      results: {
        total: { label: '参数一共', value: total, digits: 0 },
        convolution: {
          label: '其中卷积层',
          value: sum(({ weights }) => weights, convolutions),
          digits: 0,
        },
        firstDense: { label: '其中第一个全连接层', value: dense[0]?.weights ?? 0, digits: 0 },
        bare: {
          label: '去掉所有窗口池化，参数一共',
          value: sum(({ weights }) => weights, bare),
          digits: 0,
        },
        bareConvolution: {
          label: '去掉池化，卷积层',
          value: sum(
            ({ weights }) => weights,
            bare.filter(({ name }) => name.startsWith('卷积')),
          ),
          digits: 0,
        },
        products: { label: '一张图要乘几次', value: sum(({ products }) => products), digits: 0 },
      },
      views: [
        {
          kind: 'table',
          title: '每一层',
          columns: ['层', '输出', '参数', '占 %', '乘法'],
          rows: [
            ['输入', shapeText(input), '0', '', '0'],
            ...layers.map(({ name, output, weights, products }) => [
              shortName(name),
              shapeText(output),
              weights.toLocaleString('en'),
              total === 0 ? '' : ((100 * weights) / total).toFixed(1),
              products.toLocaleString('en'),
            ]),
          ],
        },
      ],
    };
  },
});
