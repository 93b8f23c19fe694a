/** Golden queries: what a reader types must find the page that a reader means. */
import { expect, test } from '@playwright/test';
import { RANKING } from '../../src/content/search-ranking.ts';

/** Query → a page that must be among the first five. */
const FINDS: readonly (readonly [query: string, page: string])[] = [
  ['梯度下降', '/startup-stories/math/'],
  ['交叉熵', '/startup-stories/math/'],
  ['学习率', '/startup-battle/algorithms/'],
  ['注意力', '/startup-battle/attention/'],
  ['联邦学习', '/data-challenges/outlook/'],
  ['学习曲线', '/data-challenges/concepts/'],
  ['对抗样本', '/startup-battle/outlook/'],
  ['LSTM', '/breakthroughs/code/'],
  ['反向传播', '/startup-stories/algorithms/'],
  ['数据增强', '/startup-stories/algorithms/'],
  ['推荐系统', '/startup-stories/applications/'],
  ['语音识别', '/startup-stories/applications/'],
  ['百川智能', '/startup-stories/background/'],
  ['深度求索', '/startup-stories/background/'],
  ['训练要多久', '/startup-stories/faq/'],
  ['Adam', '/startup-stories/math/'],
  ['Mixtral', '/startup-stories/background/'],
  ['可解释性', '/startup-stories/outlook/'],
  ['勘误', '/errata/'],
  ['卷积', '/foundations/convolution/'],
  ['循环神经网络', '/foundations/recurrence/'],
  ['剪枝', '/foundations/compression/'],
  ['知识蒸馏', '/foundations/compression/'],
  ['混合精度', '/foundations/compression/'],
  ['交叉验证', '/foundations/evaluation/'],
  ['超参数', '/foundations/evaluation/'],
  ['Dropout', '/foundations/regularization/'],
  ['早停', '/foundations/regularization/'],
  ['CIFAR-10', '/foundations/code/'],
  ['Shapley', '/foundations/explanations/'],
  ['决策树', '/foundations/explanations/'],
  ['欺诈', '/foundations/industries/'],
  ['自动驾驶', '/foundations/applications/'],
  ['隐私', '/foundations/faq/'],
  ['困惑度', '/foundations/algorithms/'],
];

interface Pagefind {
  options(options: { ranking: typeof RANKING }): Promise<void>;
  init(): Promise<void>;
  search(query: string): Promise<{ results: { data(): Promise<{ url: string }> }[] }>;
}

for (const base of ['/', '/x/']) {
  test(`Chinese queries find their pages at ${base}`, async ({ page }) => {
    await page.goto(`${base}how-to/`);
    const found = await page.evaluate(
      async ([root, ranking, queries]) => {
        const pagefind = (await import(`${root}pagefind/pagefind.js`)) as Pagefind;
        await pagefind.options({ ranking });
        await pagefind.init();
        const answers: Record<string, string[]> = {};
        for (const query of queries) {
          const { results } = await pagefind.search(query);
          const top = await Promise.all(results.slice(0, 5).map((result) => result.data()));
          answers[query] = top.map((answer) => answer.url);
        }
        return answers;
      },
      [base, RANKING, FINDS.map(([query]) => query)] as const,
    );
    const missed = FINDS.filter(([query, wanted]) => {
      const path = `${base}${wanted.slice(1)}`;
      return !found[query]?.some((url) => url.startsWith(path));
    }).map(
      ([query, wanted]) => `${query} → ${wanted}, got ${found[query]?.join(' ') ?? 'nothing'}`,
    );
    expect(missed).toEqual([]);
  });
}

test('the search box works by keyboard and leads to the page', async ({ page }) => {
  await page.goto('/how-to/');
  await page.keyboard.press('Control+k');
  await expect(page.locator('dialog input')).toBeFocused({ timeout: 20_000 });
  await page.keyboard.type('交叉熵');
  const first = page.locator('dialog a[href*="/startup-stories/"]').first();
  await expect(first).toBeVisible({ timeout: 20_000 });
  await first.click();
  await expect(page).toHaveURL(/startup-stories/);
});
