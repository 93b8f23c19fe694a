/** Pictures what a convolution makes of an image: one small picture for each channel. Knows no tensor library. */
import type { ImagesView } from '../contract/view.ts';
import { imagesView } from './pictures.ts';

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

/** The way of one 8×8 image: itself, the 3×3 kernels, its maps after convolution and after pooling. */
export const wayView = (
  image: number[],
  kernels: ArrayLike<number>,
  maps: ArrayLike<number>,
  pooled: ArrayLike<number>,
): ImagesView[] => {
  const side = Math.sqrt(pooled.length / (kernels.length / 9));
  return [
    imagesView('输入，8×8', 8, [{ pixels: image, caption: '一张图' }]),
    channelsView('卷积核，3×3，越深权重越大', 3, kernels),
    channelsView('卷积和 ReLU 之后，6×6', 6, maps),
    channelsView(`池化之后，${side}×${side}`, side, pooled),
  ];
};

/** The share of guesses that are right, when the labels come again and again. */
export const share = (guesses: ArrayLike<number>, labels: ArrayLike<number>): number =>
  Array.from(guesses).filter((guess, i) => guess === labels[i % labels.length]).length /
  guesses.length;
