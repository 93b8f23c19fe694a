/** Questions that readers of this book ask, by what they want, with answers; and questions about other things. */
import type { CurveView, TableView } from '../contract/view.ts';
import { tableView } from './pictures.ts';
import { seededRandom } from './random.ts';

export interface Intent {
  /** What the asker wants, in a few words. */
  readonly name: string;
  readonly answer: string;
  /** Different ways to ask for it. */
  readonly questions: readonly string[];
}

export const INTENTS: readonly Intent[] = [
  {
    name: '没有显卡',
    answer:
      '能跑。没有 WebGPU 就用 WebGL 或 WASM，小例子在处理器上也只要几秒。你的机器有哪些后端，看“怎样用这本书”。',
    questions: [
      '我的电脑没有显卡，能运行例子吗',
      '一定要有 GPU 才能训练吗',
      '集成显卡能不能跑',
      '老笔记本没有独立显卡怎么办',
      '浏览器不支持 WebGPU 还能用吗',
      '只有处理器，没有显卡可以吗',
      '需要什么样的显卡',
      '手机上没有独显，例子跑得起来吗',
      '提示没有 WebGPU 是怎么回事',
      '公司电脑没装显卡，能学这本书吗',
      '用 CPU 训练行不行',
      '是不是要买一块显卡',
      'WebGPU 打不开，会自动换别的后端吗',
      '显卡太旧了还能训练吗',
      '没有独立显卡能训练吗',
      '我的浏览器没有 WebGPU',
      '显卡不行，能不能用处理器跑',
      '笔记本只有集成显卡，能运行吗',
      '没显卡是不是就不能学',
    ],
  },
  {
    name: '太慢',
    answer:
      '先看运行时写的“步/秒”和后端。把步数、隐藏单元或数据条数调小，关掉别的在计算的标签页；同一页上一次只训练一个例子。',
    questions: [
      '训练太慢了怎么办',
      '为什么例子跑得这么慢',
      '怎样让训练快一点',
      '进度条半天不动',
      '一步要好几秒，正常吗',
      '跑一次要等很久',
      '速度比书上写的慢很多',
      '风扇呼呼响，还是很慢',
      '有什么办法加速',
      '哪个后端最快',
      '页面变得很卡',
      '等了一分钟还没训练完',
      '怎么缩短训练时间',
      '我这里每秒只有两步，太慢',
      '运行很慢，能加速吗',
      '训练速度慢是什么原因',
      '例子太慢了，怎么跑快一点',
      '为什么要等这么久',
      '怎么提高每秒的步数',
    ],
  },
  {
    name: '暂停和停止',
    answer: '按“暂停”可以一步一步走，再按“继续”；按“停止”这次就结束，画好的图留着。',
    questions: [
      '怎么暂停训练',
      '能不能中途停下来',
      '停止以后图还在吗',
      '可以一步一步地跑吗',
      '暂停了怎么继续',
      '想先停一下，待会儿接着训练',
      '单步运行在哪里',
      '切到别的标签页，训练为什么停了',
      '我按错了，怎么取消这次运行',
      '停止按钮按了会丢掉结果吗',
      '怎样只走一步看看',
      '中断训练会不会出错',
      '训练到一半想停',
      '暂停的时候能看权重吗',
      '暂停以后怎么继续训练',
      '怎样停止正在跑的例子',
      '可以先暂停吗',
      '停下来以后能不能接着跑',
      '单步和继续有什么区别',
    ],
  },
  {
    name: '分享设定',
    answer: '按“复制链接”。链接里有例子、参数、种子和后端，别人打开就是同一个实验。',
    questions: [
      '怎么把我的参数发给同学',
      '能分享这次实验吗',
      '复制链接里有什么',
      '别人打开链接能看到我的设定吗',
      '想让同事跑一样的实验',
      '怎样保存调好的参数',
      '可以把设定发到群里吗',
      '链接里带不带随机种子',
      '老师怎样把一组参数发给全班',
      '把我的结果转给朋友看',
      '有没有分享按钮',
      '怎么让别人重现我的设定',
      '参数能不能写在网址里',
      '我想收藏这组参数',
      '怎样把参数分享给别人',
      '复制链接发给同学行吗',
      '怎么分享我的实验',
      '链接里有没有我改的参数',
      '把实验的链接发给朋友',
    ],
  },
  {
    name: '数据和隐私',
    answer: '不会上传。训练在你的浏览器里做，你写的字、画的图、放进来的文件都不离开这台机器。',
    questions: [
      '我的数据会上传吗',
      '我写的句子会被你们看到吗',
      '画的数字会发到服务器吗',
      '你们收集用户信息吗',
      '放进去的照片安全吗',
      '公司数据能放进来试吗',
      '这个网站有没有跟踪我',
      '输入的文字存在哪里',
      '录音会不会传出去',
      '隐私怎么保证',
      '训练的时候要把文件传到云上吗',
      '会不会泄露我的资料',
      '你们用我的输入训练模型吗',
      '我的图片别人看得到吗',
      '我输入的文字会上传吗',
      '图片会不会传到服务器',
      '你们会保存我的数据吗',
      '录音和照片会上传到云上吗',
      '我的数据安全吗',
    ],
  },
  {
    name: '离线和部署',
    answer:
      '能。这本书是一堆静态文件，运行时不找任何外部服务器。构建出来的文件夹放到任何网页服务器上都能用。',
    questions: [
      '断网了还能用吗',
      '可以离线看吗',
      '怎样部署到学校的内网',
      '能放到自己的服务器上吗',
      '没有网络的教室里怎么用',
      '怎么构建一份放在本地',
      '可以下载整本书吗',
      '内网不能访问外网，能不能打开',
      '需要连外部服务器吗',
      '放在子目录下能运行吗',
      '想在机房里装一份',
      '飞机上没网能学吗',
      '静态文件怎么搭起来',
      '用 nginx 能部署吗',
      '没有网络能不能用',
      '怎样在内网部署',
      '离线能运行例子吗',
      '断网以后还能训练吗',
      '怎么部署到自己的服务器',
    ],
  },
  {
    name: '书里有错',
    answer: '每章末尾有“编辑此页”，在网页上改好就能发合并请求。已经改正的错误列在“勘误”页。',
    questions: [
      '我发现一个错字，怎么告诉你们',
      '这个公式好像写错了',
      '哪里可以报告错误',
      '勘误表在哪',
      '第三章的数字不对',
      '怎样提修改意见',
      '文档里的错误改过来了吗',
      '这句话有问题，怎么改',
      '有个链接打不开',
      '想帮忙改正一处笔误',
      '我能给这本书投稿吗',
      '怎么发合并请求',
      '书上的说法和论文不一样',
      '编辑此页在哪里',
      '书里有个错误，怎么报告',
      '发现错字怎么改',
      '哪一页列着改正过的错误',
      '公式有错，在哪里提',
      '怎样帮你们改错',
    ],
  },
  {
    name: '训练发散',
    answer: '把学习率调小十倍再跑。损失出现 NaN 时运行会自己停下，已经画好的数留着。',
    questions: [
      '损失变成 NaN 了',
      '训练发散是什么意思',
      '损失越来越大怎么办',
      '曲线突然飞上去了',
      '为什么说这次运行发散了',
      '学习率调大以后就坏了',
      '损失不下降反而上升',
      '出现 Infinity 怎么处理',
      '数值溢出了',
      '训练几步就报发散',
      '怎么避免损失爆炸',
      '梯度爆炸了怎么办',
      '损失一直在跳，不收敛',
      '结果全是 NaN',
      '损失变大了怎么办',
      '训练发散了怎么办',
      '为什么损失是 NaN',
      '学习率太大会怎样',
      '损失上升是不是发散了',
    ],
  },
  {
    name: '结果不一样',
    answer:
      '先看种子和后端：种子、后端、参数都一样，线应当重合。换后端时，加法的次序不同，末几位会不同。',
    questions: [
      '为什么我的结果和书上不一样',
      '每次运行的准确率都不同吗',
      '同样的参数，两次结果会一样吗',
      '虚线和我的线对不上',
      '随机种子是干什么的',
      '换了浏览器，数字变了一点',
      '怎样得到和录下的一样的结果',
      '我的准确率比你们低两个点',
      '结果能重现吗',
      '为什么换成 WebGL 数字就不同',
      '种子改成 2，结果差很多',
      '两台电脑跑出来的曲线不一样',
      '书上的准确率我跑不出来',
      '每次都要一样的结果怎么设',
      '为什么每次结果不一样',
      '种子一样，结果为什么不同',
      '怎样重现书上的结果',
      '我跑出来的准确率和书上不同',
      '换个后端结果会变吗',
    ],
  },
  {
    name: '要什么基础',
    answer:
      '会高中数学就能开始，编程不是必须的。先读第一部分，公式旁边都有能改数的计算器；不懂的词看术语表。',
    questions: [
      '学这本书要什么基础',
      '不会编程能看懂吗',
      '需要学过线性代数吗',
      '高中生能读吗',
      '没学过微积分怎么办',
      '零基础从哪一章开始',
      '应该先读哪一部分',
      '数学不好能不能学',
      '要会 Python 吗',
      '我是产品经理，看得懂吗',
      '读这本书要花多少时间',
      '初学者按什么顺序读',
      '文科生适合看吗',
      '术语看不懂在哪里查',
      '没有编程基础能学吗',
      '需要什么数学基础',
      '要先学什么才能看懂',
      '从哪里开始读',
      '没学过高等数学能读吗',
    ],
  },
  {
    name: '转载和商用',
    answer: '代码按 MIT、文字按 CC BY 4.0：可以转载、修改、商用，要署名。数据集各按自己的说明。',
    questions: [
      '可以转载吗',
      '能用在我的课件里吗',
      '代码是什么许可证',
      '商用要付钱吗',
      '引用这本书怎么署名',
      '文字的版权是谁的',
      '能不能印出来发给学生',
      '我想把例子放进公司的产品',
      '翻译成英文可以吗',
      '这本书免费吗',
      '图可以用在我的文章里吗',
      '改了代码要公开吗',
      '数据集允许商用吗',
      '开源协议是哪一种',
      '可以商用吗',
      '文章里引用要署名吗',
      '用的是什么开源许可证',
      '转载要不要你们同意',
      '能拿代码去商用吗',
    ],
  },
  {
    name: 'Python 版本',
    answer: '代码框上有 Python 标签页，用 NumPy 写成，区域和网页上的代码一一对应。',
    questions: [
      '有没有 Python 版的代码',
      '怎么下载 notebook',
      'Python 代码在哪里看',
      '能在 Jupyter 里跑吗',
      '我想用 PyTorch 写一遍',
      '网页上的代码是什么语言',
      'NumPy 的版本和网页上的一样吗',
      '不用 JavaScript 行不行',
      '源代码在哪里',
      '怎么在自己电脑上用 Python 跑',
      '可以把例子变成笔记本吗',
      '代码能复制出来用吗',
      'Python 版结果和网页版一样吗',
      '哪里能看到完整的程序',
      'Python 代码在哪里',
      '能下载 Python 代码吗',
      '有没有 notebook 可以下载',
      '怎样看例子的源代码',
      '用 Python 怎么运行',
    ],
  },
];

/** Questions that none of the answers fits: first about other things, then about models, but not about this book. */
export const OFF_TOPIC: readonly string[] = [
  '今天天气怎么样',
  '明天去哪里吃饭',
  '帮我写一首关于秋天的诗',
  '怎样减肥最快',
  '附近有没有地铁站',
  '周末的电影票还有吗',
  '我的快递到哪了',
  '推荐一双跑鞋',
  '猫不吃东西怎么办',
  '这件衣服能退货吗',
  '北京到上海的高铁多少钱',
  '信用卡怎么还款',
  '感冒了吃什么药',
  '房租涨了合法吗',
  '下周的会改到几点',
  '红烧肉怎么做',
  '孩子发烧要去医院吗',
  '世界杯谁赢了',
  '我想订一间酒店',
  '空调开多少度省电',
  '哪家公司的大模型最好',
  '大模型公司的股票能买吗',
  '你是谁做的',
  '你能帮我写作业吗',
  '人工智能会让我失业吗',
  '帮我把这段话翻译成英文',
  '给我训练一个聊天机器人',
  '你们招人吗',
  '开一家人工智能公司要多少钱',
  '你觉得哪个学校的计算机系好',
  '显卡今年会降价吗',
  '二手显卡在哪里买',
  '帮我修一下电脑',
  '怎么学好英语',
  '手机没电了怎么办',
  '停车要交多少钱',
  '怎么分享朋友圈',
  '数据线坏了能换吗',
  '健身训练几天一次好',
  '暂停营业到什么时候',
];

export interface Question {
  readonly text: string;
  /** Number of the intent; `INTENTS.length` for none. */
  readonly label: number;
}

/** Held out of every intent. */
const ASKED = 4;

/**
 * Questions to learn from and to be asked: of each intent four are asked and `each` others learned (at most 15); of the
 * questions about other things half are asked and the other half learned if `others`.
 */
export function splitQuestions(seed: number, each: number, others: boolean) {
  const random = seededRandom(seed);
  const parts = INTENTS.map(({ questions }, label) =>
    random.shuffle(questions).map((text) => ({ text, label })),
  );
  const off = random.shuffle(OFF_TOPIC).map((text) => ({ text, label: INTENTS.length }));
  const half = off.length / 2;
  return {
    train: [
      ...parts.flatMap((part) => part.slice(ASKED, ASKED + each)),
      ...(others ? off.slice(half) : []),
    ],
    test: [...parts.flatMap((part) => part.slice(0, ASKED)), ...off.slice(0, half)],
  };
}

/** Characters and pairs of neighbours: 暂停 → 暂, 停, 暂停. Letters in small. */
function grams(text: string): string[] {
  const chars = [...text.toLowerCase()].filter((char) => /[\p{L}\p{N}]/u.test(char));
  return [...chars, ...chars.slice(1).map((char, i) => chars[i]! + char)];
}

/**
 * TF-IDF of characters and pairs: how often each is in a text, times log(texts / texts that have it) + 1, scaled to
 * length 1. What training never had is left out; a text without anything known is all 0.
 */
export function tfIdf(texts: readonly string[]): {
  size: number;
  row: (text: string) => number[];
} {
  const having = new Map<string, number>();
  for (const text of texts) {
    for (const gram of new Set(grams(text))) having.set(gram, (having.get(gram) ?? 0) + 1);
  }
  const known = [...having.keys()];
  const column = new Map(known.map((gram, i) => [gram, i]));
  const idf = known.map((gram) => Math.log(texts.length / having.get(gram)!) + 1);
  const row = (text: string): number[] => {
    const values = known.map(() => 0);
    for (const gram of grams(text)) {
      const at = column.get(gram);
      if (at !== undefined) values[at]! += idf[at]!;
    }
    const length = Math.hypot(...values);
    return values.map((value) => (length > 0 ? value / length : 0));
  };
  return { size: known.length, row };
}

/** What a model made of one question: its best intent, and how sure it is, 0 … 1. */
export interface Guess {
  readonly label: number;
  readonly sure: number;
}

/** How a help desk does that answers only when it is at least `threshold` sure. */
export interface DeskScore {
  /** Share of the questions with an answer that are answered. */
  readonly coverage: number;
  /** Share of those answers that are right. 0 when there are none. */
  readonly answeredAccuracy: number;
  /** Share of the questions about other things that are refused. */
  readonly refusedAccuracy: number;
}

/** Is the question answered? A guess of “none of these” refuses, however low the threshold. */
const answers = ({ label, sure }: Guess, threshold: number): boolean =>
  label < INTENTS.length && sure >= threshold;

/** Share of the questions with an answer whose intent is found, if every one is answered. */
export function accuracyOf(questions: readonly Question[], guesses: readonly Guess[]): number {
  const right = questions.map(({ label }, i) => label === guesses[i]!.label);
  const meant = questions.map(({ label }) => label < INTENTS.length);
  return right.filter((one, i) => one && meant[i]).length / meant.filter(Boolean).length;
}

/** Counts answers and refusals. */
export function deskScore(
  questions: readonly Question[],
  guesses: readonly Guess[],
  threshold: number,
): DeskScore {
  const all = questions.map(({ label }, i) => ({ label, guess: guesses[i]! }));
  const meant = all.filter(({ label }) => label < INTENTS.length);
  const answered = meant.filter(({ guess }) => answers(guess, threshold));
  const right = answered.filter(({ label, guess }) => guess.label === label);
  const off = all.filter(({ label }) => label === INTENTS.length);
  return {
    coverage: answered.length / Math.max(1, meant.length),
    answeredAccuracy: right.length / Math.max(1, answered.length),
    refusedAccuracy:
      off.filter((one) => !answers(one.guess, threshold)).length / Math.max(1, off.length),
  };
}

/** The three shares over the threshold, from 0 to 1. */
export function thresholdView(
  title: string,
  questions: readonly Question[],
  guesses: readonly Guess[],
): CurveView {
  const xs = Array.from({ length: 41 }, (_, i) => i / 40);
  const scores = xs.map((threshold) => deskScore(questions, guesses, threshold));
  const series = (label: string, field: keyof DeskScore) => ({
    label,
    xs,
    // No answers, no share of right ones: the line ends there.
    ys: scores.map((score) =>
      field === 'answeredAccuracy' && score.coverage === 0 ? NaN : score[field],
    ),
  });
  return {
    kind: 'curve',
    title,
    x: { label: '拒答线', min: 0, max: 1 },
    y: { label: '比例', min: 0, max: 1 },
    series: [
      series('该答的答了几成', 'coverage'),
      series('答了的对几成', 'answeredAccuracy'),
      series('不该答的拒了几成', 'refusedAccuracy'),
    ],
  };
}

/** The intent's name in quotation marks. */
export const intentName = (label: number): string => `“${INTENTS[label]?.name ?? '不相干'}”`;

/** Wrong answers, and refusals of questions that have one, the surest first; at most ten. */
export function mistakesView(
  questions: readonly Question[],
  guesses: readonly Guess[],
  threshold: number,
): TableView {
  const all = questions.map(({ text, label }, i) => ({ text, label, guess: guesses[i]! }));
  const wrong = all.filter(({ label, guess }) =>
    answers(guess, threshold) ? guess.label !== label : label < INTENTS.length,
  );
  const rows = wrong
    .sort((a, b) => b.guess.sure - a.guess.sure)
    .map(({ text, label, guess }) => [
      ...[text, intentName(label), intentName(guess.label), guess.sure.toFixed(2)],
      answers(guess, threshold) ? '答错' : '没答',
    ]);
  const columns = ['问', '真想问的', '最像的意思', '把握', ''];
  return tableView('答错的，和该答没答的', columns, rows.slice(0, 10));
}
