/** Pictures what a convolution makes of an image: one small picture for each channel. Knows no tensor library. */
import type { ImagesView } from '../contract/view.ts';
import { imagesView } from './pictures.ts';

/**
 * The ways to shrink 6×6 maps: `window` pixels along the pooled square, `side` pixels of a map after it, and how many
 * `times` as many maps there are then (`deep` convolves a second time before it pools).
 */
export const POOLED = {
  max: { window: 2, side: 3, times: 1 },
  mean: { window: 2, side: 3, times: 1 },
  none: { window: 1, side: 6, times: 1 },
  deep: { window: 4, side: 1, times: 2 },
} as const;

/**
 * Each channel as a picture, from least (paper) to most (ink) of all channels together.
 * @param values `[side, side, channels]`: a feature map, or kernels for one input channel.
 */
export function channelsView(title: string, side: number, values: ArrayLike<number>): ImagesView {
  const all = Array.from(values);
  const channels = all.length / side ** 2;
  const least = Math.min(...all);
  const range = Math.max(...all) - least || 1;
  const images = Array.from({ length: channels }, (_, channel) => ({
    pixels: all.filter((_, i) => i % channels === channel).map((v) => (v - least) / range),
    caption: `${channel + 1} 号`,
  }));
  return imagesView(title, side, images);
}

/** The way of one 8×8 image: itself, the 3×3 kernels, its 6×6 maps, and the `side × side` ones after pooling. */
export const wayView = (
  image: number[],
  [kernels, maps, pooled]: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
  side: number,
): ImagesView[] => [
  imagesView('输入，8×8', 8, [{ pixels: image, caption: '一张图' }]),
  channelsView('卷积核，3×3，越深权重越大', 3, kernels),
  channelsView('卷积和 ReLU 之后，6×6', 6, maps),
  channelsView(`池化之后，${side}×${side}`, side, pooled),
];

/**
 * The shares of right guesses: of the first time that every label was asked for, and of all the times after it.
 * @param guesses `[times · labels.length]`, in the order of the labels each time.
 */
export function shares(guesses: ArrayLike<number>, labels: ArrayLike<number>): [number, number] {
  const n = labels.length;
  const right = [0, 0];
  for (let i = 0; i < guesses.length; i++) {
    if (guesses[i] === labels[i % n]) right[i < n ? 0 : 1]!++;
  }
  return [right[0]! / n, right[1]! / (guesses.length - n)];
}
