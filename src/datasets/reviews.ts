/** Short Chinese reviews of places to eat, generated from a small grammar and a seed; knows no model. */
import { seededRandom } from './random.ts';

export interface Review {
  readonly text: string;
  /** 1 when the writer was pleased. */
  readonly label: 0 | 1;
  /** Whether the judgement itself is negated (不好吃, 并不吵). */
  readonly negated: boolean;
}

/** What is judged, and the words that praise and blame it. */
const TOPICS: readonly { nouns: string; good: string; bad: string }[] = [
  {
    nouns: '面 汤 饺子 牛肉 豆腐 凉菜 烤鱼 包子 点心',
    good: '好吃 可口 新鲜 地道',
    bad: '难吃 油腻 寡淡 咸',
  },
  {
    nouns: '服务员 店员 前台 老板 大厨 外卖员',
    good: '热情 周到 细心',
    bad: '冷淡 马虎 粗心',
  },
  {
    nouns: '大堂 包间 桌子 座位 店面 露台',
    good: '干净 安静 宽敞',
    bad: '吵 脏 挤',
  },
  {
    nouns: '价钱 菜价 套餐 酒水',
    good: '实惠 公道 划算',
    bad: '贵 离谱 夸张',
  },
];
const PLACES = ['', '这家店的', '他家的', '巷口那家的', '公司楼下的', '这次的', '周末那顿的'];
const OPENINGS = [
  '',
  '',
  '昨天去的，',
  '和同事来的，',
  '排了半小时，',
  '没订位，',
  '不到六点就到，',
];
const PLAIN = ['', '很', '真', '特别', '非常', '相当', '确实', '实在'];
const NEGATORS = ['不', '并不', '一点也不', '真不', '可不', '不太', '不算'];
const ENDINGS = ['', '', '。', '，随手记一下', '，就说这些', '，供参考', '，照片在后面'];

/**
 * Draws `count` different reviews. A quarter of them negate their judgement; praise and blame are equally likely
 * in both kinds, and openings such as 没订位 hold a 没 or 不 that negates nothing.
 */
export function makeReviews(seed: number, count: number): readonly Review[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const reviews = new Map<string, Review>();
  while (reviews.size < count) {
    const topic = pick(TOPICS);
    const good = random.uniform() < 0.5;
    const negated = random.uniform() < 1 / 4;
    const word = pick((good ? topic.good : topic.bad).split(' '));
    const subject = pick(PLACES) + pick(topic.nouns.split(' '));
    const text = pick(OPENINGS) + subject + pick(negated ? NEGATORS : PLAIN) + word + pick(ENDINGS);
    reviews.set(text, { text, label: good === negated ? 0 : 1, negated });
  }
  return [...reviews.values()];
}
