/** Shows digits before and after their pixels were moved. Knows no model and no attack. */
import type { View } from '../contract/view.ts';
import { digitPixels, PIXELS, type DigitSet } from './digits.ts';
import { imagesView } from './pictures.ts';

/**
 * Accuracy over the size of the change (in sixteenths of the grey scale), and digits that were read rightly before, each
 * next to its changed picture.
 * @param curves accuracy for each of `epsilons`: after the attack, and after a random change of the same size.
 * @param before, after what was read, `[count]`.
 * @param pixels the changed pictures, `[count, 64]`.
 */
export function attackViews(
  epsilons: readonly number[],
  curves: readonly ArrayLike<number>[],
  unseen: DigitSet,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  pixels: ArrayLike<number>,
): View[] {
  const names = ['朝最坏的方向', '随机方向'];
  const series = names.map((label, k) => ({
    label,
    xs: epsilons,
    ys: Array.from(curves[k] ?? []),
  }));
  const rows = Array.from({ length: unseen.count }, (_, row) => row);
  const rightly = rows.filter((row) => before[row] === unseen.labels[row]).slice(0, 8);
  const pairs = rightly.flatMap((row) => {
    const changed = Array.from({ length: PIXELS }, (_, j) => pixels[row * PIXELS + j] ?? 0);
    return [
      { pixels: digitPixels(unseen, row), caption: `读作 ${before[row]}` },
      { pixels: changed, caption: `挪过：${after[row]}` },
    ];
  });
  return [
    {
      kind: 'curve',
      title: '挪得越多，错得越多',
      x: { label: '每个像素最多挪几个 1/16' },
      y: { label: '准确率', min: 0, max: 1 },
      series,
    },
    imagesView('每两张是一对：原图，挪过的', 8, pairs),
  ];
}
