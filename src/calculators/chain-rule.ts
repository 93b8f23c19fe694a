/** The derivative of two or three functions in a row: local slopes multiplied, against a central difference. Knows no page. */
import { CalculatorError, defineCalculator } from '../contract/calculator.ts';
import type { WorkedStep } from '../contract/calculator.ts';
import { tex, texFactor } from './notation/numbers.ts';

interface Link {
  readonly label: string;
  readonly of: (u: number) => number;
  readonly slope: (u: number) => number;
  /** The function and its derivative, of the letter `u`. */
  readonly tex: (u: string) => string;
  readonly slopeTex: (u: string) => string;
}

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

const LINKS = {
  identity: {
    label: 'u（不变）',
    of: (u) => u,
    slope: () => 1,
    tex: (u) => u,
    slopeTex: () => '1',
  },
  square: {
    label: 'u²',
    of: (u) => u * u,
    slope: (u) => 2 * u,
    tex: (u) => `${u}^2`,
    slopeTex: (u) => `2${u}`,
  },
  triple: {
    label: '3u',
    of: (u) => 3 * u,
    slope: () => 3,
    tex: (u) => `3${u}`,
    slopeTex: () => '3',
  },
  sin: {
    label: 'sin u',
    of: Math.sin,
    slope: Math.cos,
    tex: (u) => `\\sin ${u}`,
    slopeTex: (u) => `\\cos ${u}`,
  },
  exp: {
    label: 'eᵘ',
    of: Math.exp,
    slope: Math.exp,
    tex: (u) => `e^{${u}}`,
    slopeTex: (u) => `e^{${u}}`,
  },
  logarithm: {
    label: '−ln u',
    of: (u) => -Math.log(u),
    slope: (u) => -1 / u,
    tex: (u) => `-\\ln ${u}`,
    slopeTex: (u) => `-\\frac{1}{${u}}`,
  },
  sigmoid: {
    label: 'σ(u)',
    of: sigmoid,
    slope: (u) => sigmoid(u) * sigmoid(-u),
    tex: (u) => `\\sigma(${u})`,
    slopeTex: (u) => `\\sigma(${u})(1 - \\sigma(${u}))`,
  },
  tanh: {
    label: 'tanh u',
    of: Math.tanh,
    slope: (u) => 1 - Math.tanh(u) ** 2,
    tex: (u) => `\\tanh ${u}`,
    slopeTex: (u) => `1 - \\tanh^2 ${u}`,
  },
  relu: {
    label: 'max(0, u)',
    of: (u) => Math.max(0, u),
    slope: (u) => (u > 0 ? 1 : 0),
    tex: (u) => `\\max(0, ${u})`,
    slopeTex: (u) => `[${u} > 0]`,
  },
} as const satisfies Readonly<Record<string, Link>>;

const NAMES = ['inner', 'middle', 'outer'] as const;
const LETTERS = ['x', 'u', 'v', 'y'] as const;
/** Step of the central difference: near the cube root of the rounding error, where its error is least. */
const H = 1e-5;

const options = Object.fromEntries(
  Object.entries(LINKS).map(([name, link]) => [name, link.label]),
) as Record<keyof typeof LINKS, string>;
const linkOf = (name: string): Link =>
  name in LINKS ? LINKS[name as keyof typeof LINKS] : LINKS.identity;

export default defineCalculator({
  title: '链式法则，一环一环乘',
  summary: '选里、中、外三个函数和一个 x，看中间值、每一环的斜率和它们的积，再用中心差分对一遍。',
  inputs: {
    x: { symbol: 'x', label: '输入', default: 1.3, min: -20, max: 20 },
    inner: { label: '里层 u = …(x)', default: 'square', options },
    middle: { label: '中层 v = …(u)', default: 'identity', options },
    outer: { label: '外层 y = …(v)', default: 'sin', options },
  },
  compute({ x, inner, middle, outer }) {
    const links = [inner, middle, outer].map(linkOf);
    const along = (start: number): number[] => {
      const values = [start];
      for (const link of links) values.push(link.of(values.at(-1) ?? NaN));
      return values;
    };
    const values = along(x);
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken > 0) {
      const input = tex(values[broken - 1] ?? NaN);
      const name = NAMES[broken - 1] ?? 'x';
      throw new CalculatorError(
        name,
        `这一环的输入是 ${input}，它在这里没有定义或大得写不下，请换一个 x 或函数。`,
      );
    }
    const slopes = links.map((link, k) => link.slope(values[k] ?? NaN));
    const analytic = slopes.reduce((product, slope) => product * slope, 1);
    const end = (start: number): number => along(start).at(-1) ?? NaN;
    const numeric = (end(x + H) - end(x - H)) / (2 * H);
    const shown = (k: number): string => tex(values[k] ?? NaN);
    const steps: WorkedStep[] = [
      {
        text: '前向：从里往外算，记住每个中间值。',
        tex: links
          .map(
            (link, k) =>
              `${LETTERS[k + 1] ?? ''} = ${link.tex(LETTERS[k] ?? '')} = ${shown(k + 1)}`,
          )
          .join(',\\quad '),
      },
      ...links.map((link, k) => ({
        text: `${['里', '中', '外'][k] ?? ''}层在它自己的输入处的斜率。`,
        tex: `\\frac{\\mathrm{d}${LETTERS[k + 1] ?? ''}}{\\mathrm{d}${LETTERS[k] ?? ''}} = ${link.slopeTex(LETTERS[k] ?? '')} = ${tex(slopes[k] ?? NaN)}`,
      })),
      {
        text: '反向：从外往里乘。',
        tex: `\\frac{\\mathrm{d}y}{\\mathrm{d}x} = \\frac{\\mathrm{d}y}{\\mathrm{d}v} \\cdot \\frac{\\mathrm{d}v}{\\mathrm{d}u} \\cdot \\frac{\\mathrm{d}u}{\\mathrm{d}x} = ${[
          ...slopes,
        ]
          .reverse()
          .map((slope) => texFactor(slope))
          .join(' \\times ')} = ${tex(analytic)}`,
      },
      {
        text: '不求导，左右各挪 0.00001 再量一次。',
        tex: `\\frac{y(x + h) - y(x - h)}{2h} = ${tex(numeric)}`,
      },
    ];
    const grid = Array.from({ length: 81 }, (_, i) => x - 2 + i / 20);
    const y = end(x);
    return {
      steps,
      results: {
        y: { label: 'y', value: y, digits: 10 },
        analytic: { label: '链式法则的导数', value: analytic, digits: 10, mark: 'right' },
        numeric: { label: '中心差分', value: numeric, digits: 8 },
        difference: { label: '两者之差', value: Math.abs(analytic - numeric), digits: 'exponent' },
      },
      views: [
        {
          kind: 'curve',
          title: 'y 和它在 x 处的切线',
          x: { label: 'x' },
          y: { label: 'y' },
          series: [
            { label: 'y', xs: grid, ys: grid.map(end) },
            {
              label: '切线',
              xs: [x - 0.5, x + 0.5],
              ys: [y - analytic / 2, y + analytic / 2],
            },
          ],
        },
      ],
    };
  },
});
