"""Tells pleased reviews from displeased ones by their characters, and trips over 不."""
import numpy as np

GRAMS, COUNT, RATE, STEPS, SEED = 1, 800, 0.03, 150, 1
TOPICS = [
    ("面 汤 饺子 牛肉 豆腐 凉菜 烤鱼 包子 点心", "好吃 可口 新鲜 地道", "难吃 油腻 寡淡 咸"),
    ("服务员 店员 前台 老板 大厨 外卖员", "热情 周到 细心", "冷淡 马虎 粗心"),
    ("大堂 包间 桌子 座位 店面 露台", "干净 安静 宽敞", "吵 脏 挤"),
    ("价钱 菜价 套餐 酒水", "实惠 公道 划算", "贵 离谱 夸张"),
]
PLACES = ["", "这家店的", "他家的", "巷口那家的", "公司楼下的", "这次的", "周末那顿的"]
OPENINGS = ["", "", "昨天去的，", "和同事来的，", "排了半小时，", "没订位，", "不到六点就到，"]
PLAIN = ["", "很", "真", "特别", "非常", "相当", "确实", "实在"]
NEGATORS = ["不", "并不", "一点也不", "真不", "可不", "不太", "不算"]
ENDINGS = ["", "", "。", "，随手记一下", "，就说这些", "，供参考", "，照片在后面"]

# region data
# The same grammar as in the browser with NumPy's generator: other sentences.
random = np.random.default_rng(SEED)


def pick(items):
    return items[random.integers(len(items))]


reviews = {}
while len(reviews) < COUNT + 400:
    nouns, *words = pick(TOPICS)
    good, negated = random.random() < 1 / 2, random.random() < 1 / 4
    word = pick(words[0 if good else 1].split())
    degree = pick(NEGATORS if negated else PLAIN)
    text = pick(OPENINGS) + pick(PLACES) + pick(nouns.split()) + degree + word + pick(ENDINGS)
    reviews[text] = (good != negated, negated)


def grams(text):
    return {text[i : i + n] for n in range(1, GRAMS + 1) for i in range(len(text) - n + 1)}


texts = list(reviews)
vocabulary = sorted(set().union(*map(grams, texts[:COUNT])))
X = np.array([[float(gram in grams(text)) for gram in vocabulary] for text in texts])
y, negated = np.array(list(reviews.values()), dtype=float).T
# endregion

# region model
w, b = np.zeros(len(vocabulary)), np.zeros(1)


def probability(X):
    return 1 / (1 + np.exp(-(X @ w + b)))
# endregion


# region train
net, m, v = [w, b], [0, 0], [0, 0]
for step in range(1, STEPS + 1):
    error = (probability(X[:COUNT]) - y[:COUNT]) / COUNT
    for i, g in enumerate([error @ X[:COUNT], error.sum()]):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= RATE * m[i] / (1 - 0.9**step) / size

right = (probability(X[COUNT:]) > 0.5) == y[COUNT:]
print(f"validationAccuracy {right.mean():.4f}")
print(f"negatedAccuracy {right[negated[COUNT:] == 1].mean():.4f}")
# endregion
