/** Messages that customers of a small shop might write, each a praise or a complaint; written for this book. */
import type { TableView, TokensView } from '../contract/view.ts';
import { tableView, tokensView } from './pictures.ts';
import { seededRandom } from './random.ts';

export interface Message {
  readonly text: string;
  /** 1 for praise, 0 for a complaint. */
  readonly label: 0 | 1;
}

const PRAISE = `
快递比说好的早到一天，谢谢
包装很结实，一个角都没碰坏
客服半夜还在回我，问题当场解决
用了三个月，一点毛病没有
颜色和照片上一样，很满意
说明书写得清楚，我妈自己就装好了
退款当天就到账，没想到这么快
第二次买了，还是一样好
孩子很喜欢，天天抱着不放
声音比旧的那台小多了
电池很耐用，充一次用一周
尺码正好，不用换
师傅上门准时，装完还把地扫了
送的小样很实用
坏了一个零件，马上补寄给我
手感比想象的好
价格公道，东西对得起这个钱
朋友推荐来的，果然没失望
界面简单，老人也会用
更新以后快了很多，点赞
客服耐心，讲了三遍也不烦
味道正，跟小时候吃的一样
杯子不漏水，放包里很放心
灯光柔和，晚上看书眼睛不累
清洗方便，冲一下就干净
送来时还是冰的，保温做得好
比实体店便宜，质量一样
问什么都答得上，很专业
换货很顺利，没有为难我
布料软，洗了五次没变形
安装只用十分钟，工具都配齐了
耳机戴一天也不疼
图片清楚，跟真人说话一样
发票开得快，公司报销没问题
礼物盒很漂亮，收到的人很开心
水果个个新鲜，没有一个坏的
小狗很爱吃，毛也亮了
椅子坐着舒服，腰不酸了
键盘声音小，办公室用正合适
屏幕亮，太阳底下也看得见
预约方便，到店不用等
老板实在，少发一件主动补上
刀很快，切肉不费力
锅不粘，煎蛋一滑就下来
窗帘遮光好，睡得踏实
鞋底软，走一天不累
书印得好，纸也厚
花开得很好，放了十天还没谢
优惠写得明白，没有套路
地址填错了，客服帮我改了过来
虽然晚到一天，但东西真的好
有一点小瑕疵，客服马上给我换了新的
开始不会用，客服一步步教会了我
本来担心质量，收到以后放心了
贵是贵一点，可是用着舒服
原来那台总坏，这台一次没坏过
以为要等一周，结果第二天就到
包装普通，里面的东西很好
上次的问题这次都改好了
不会缩水，可以放心买
没有异味，打开就能用
一点也不卡，很流畅
从来没有这么满意过
不用看说明书就会用
没让我多花一分钱
漏发的配件当天就补来了
同事看了都要链接
给爸妈也买了一台
下次还来这家
五星，没什么可挑的
服务周到，连螺丝都多给了两颗
客服主动退了差价
灵敏，喊一声就亮
扫地机很聪明，不会卡在桌子下面
洗得干净，衣服没有印子
奶粉日期新鲜，罐子没有凹
行李箱轮子顺，一根手指就推得动
雨衣真防水，骑车一小时没湿
被子轻，盖着暖和
拍照清楚，晚上也行
充电快，半小时就满
蓝牙连得稳，隔一堵墙也不断
菜送得准时，叶子还带水
蛋糕不甜不腻，全家都说好
退货有人上门取，省心
瓶口设计好，倒油不滴
台灯能调高低，孩子写作业刚好
会员生日真的送了券
排队的时候给了热水，暖心
修好还给我，只收了零件的钱
软件终于能离线看了，谢谢开发的人
字体可以放大，爷爷看得见了
提醒很准，再也没有忘记吃药
开箱就有电，马上能玩
材料扎实，拿着有分量
缝线整齐，没有线头
袜子厚实，冬天够用
茶香，泡五次还有味
米好吃，煮出来一粒一粒的
伞大，两个人也够
路由器信号强，厨房也有网
门锁好用，指纹一按就开
床垫软硬合适，翻身没声音
打印清楚，从没卡过纸
手表走得准，一个月不差一秒
相框比图上还好看
胶带粘得牢，撕下来也不留印
闹钟声音温和，不会吓醒
拖把一拧就干，省力
牙刷毛软，牙龈不出血了
`;

const COMPLAINTS = `
等了两周还没发货
包装破了，里面也碎了
客服一直不回，打电话没人接
用了三天就坏了
颜色和照片差太多
说明书看不懂，装了一下午也没装上
退款拖了一个月还没到
第二次买，质量比上次差
孩子玩了一次就散架
声音大得像拖拉机
电池不行，半天就没电
尺码偏小，穿不进去
师傅迟到两小时，还踩脏了地
说好的小样没有送
少了一个零件，找谁都不管
手感像塑料，很廉价
价格贵，东西不值这个钱
看评价买的，上当了
界面太乱，找不到按钮
更新以后天天闪退
客服不耐烦，说了两句就挂
味道怪，吃一口就扔了
杯子漏水，包里全湿了
灯一闪一闪，看得头疼
清洗麻烦，缝里全是脏东西
送来已经化了，一摊水
比实体店还贵，质量也不如
问什么都说不知道
换货要我自己出运费，凭什么
洗一次就缩水，没法穿
螺丝孔对不上，装不起来
耳机戴十分钟就疼
图片糊，看不清脸
发票催了五次还没开
礼物盒压扁了，送不出手
水果烂了一半
小狗吃了拉肚子
椅子坐一会儿就响
键盘按键卡住，弹不起来
屏幕有一条竖线
预约了还要等一小时
少发一件，说是我自己弄丢的
刀切豆腐都费劲
锅一煎就粘，洗都洗不掉
窗帘透光，跟没拉一样
鞋底硬，走两步就磨脚
书缺了十几页
花送来就蔫了，第二天全谢
优惠全是套路，根本用不了
地址填错了，让改也不给改
虽然到得快，但东西是坏的
开始还行，一个月以后就不能用了
客服态度好，可是问题一直没解决
看着漂亮，用起来难受
便宜是便宜，可是用两次就断
原来那台好好的，换了这台天天坏
说第二天到，结果等了一周
包装很好看，里面的东西太差
上次的问题这次还是没改
会缩水，千万不要买
有异味，放了一周也没散
卡得要命，点一下等半天
从来没有这么生气过
看了说明书也不会用
多收了我二十块钱
漏发的配件到现在没补
同事看了都说不值
给爸妈买的，他们不会用
下次不来了
一星，没有一样是好的
服务差，问一句顶一句
降价第二天，差价不退
反应慢，喊十声才亮
扫地机总是卡在桌子下面
洗完衣服上还有印子
奶粉日期旧，罐子也凹了
行李箱轮子掉了一个
雨衣漏雨，骑车十分钟就湿透
被子太薄，盖着冷
拍照模糊，晚上全是噪点
充电慢，一晚上充不满
蓝牙老断，走两步就没声音
菜送晚了，叶子都黄了
蛋糕太甜，没人吃
退货没有人来取，打了三次电话
瓶口漏，倒一次脏一手
台灯调不了，太刺眼
会员生日什么也没有
排了一小时队，轮到我说卖完了
修一次收两次钱
软件要联网才能看，没网就是废的
字太小，爷爷看不见
提醒不准，药都吃晚了
开箱没有电，充了一天才能用
材料薄，一捏就弯
缝线歪，到处是线头
袜子穿一天就破洞
茶没味，泡一次就白了
米里有虫，不敢吃
伞骨一吹就断
路由器信号差，隔一间屋就没网
门锁认不出指纹，把我关在外面
床垫塌了，睡得腰疼
打印糊，天天卡纸
手表走慢，一天差十分钟
相框有划痕，玻璃也裂了
胶带不粘，贴上就掉
闹钟不响，害我迟到
拖把掉毛，越拖越脏
牙刷毛硬，刷得牙龈出血
`;

const lines = (block: string): string[] => block.trim().split('\n');

const [praise, complaints] = [lines(PRAISE), lines(COMPLAINTS)];

/** Line k of the praise and line k of the complaints are about the same thing. */
export const PAIRS: readonly (readonly [praise: Message, complaint: Message])[] = praise.map(
  (text, k) => [
    { text, label: 1 },
    { text: complaints[k] ?? '', label: 0 },
  ],
);

/** Characters of the longest message. */
export const MESSAGES_LONGEST = Math.max(...PAIRS.flat().map(({ text }) => [...text].length));

/**
 * A fourth of the messages to test with, the others to learn from, by the seed. `together`: both messages of a pair are
 * on the same side. `apart`: for every message of the test its opposite about the same thing was learnt.
 */
export function splitMessages(
  seed: number,
  way: 'together' | 'apart',
): { train: Message[]; test: Message[] } {
  const random = seededRandom(seed);
  const pairs = random.shuffle(PAIRS);
  const tested = Math.round(pairs.length / 4);
  if (way === 'together')
    return { train: pairs.slice(tested).flat(), test: pairs.slice(0, tested).flat() };
  const sides = pairs.map((_, k) => (k < 2 * tested ? random.integer(2) : 2));
  return {
    train: pairs.flatMap((pair, k) => pair.filter((_, side) => side !== sides[k])),
    test: pairs.flatMap((pair, k) => pair.filter((_, side) => side === sides[k])),
  };
}

/** Stand-ins: fills a row up to its length; for every character met less than twice in training. */
export const [FILL, RARE] = ['▢', '□'] as const;

/** The stand-ins, then every character that the messages have at least twice. */
export function readVocabulary(messages: readonly Message[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const char of messages.flatMap(({ text }) => [...text]))
    counts.set(char, (counts.get(char) ?? 0) + 1);
  return [FILL, RARE, ...[...counts.keys()].filter((char) => (counts.get(char) ?? 0) > 1)];
}

/** Numbers of a text's characters in the vocabulary, filled up with 0 or cut to `length`. */
export function encodeMessage(
  vocabulary: readonly string[],
  text: string,
  length: number,
): number[] {
  const chars = [...text].slice(0, length);
  const numbers = chars.map((char) => Math.max(1, vocabulary.indexOf(char)));
  return [...numbers, ...Array.from({ length: length - numbers.length }, () => 0)];
}

export interface Encoded {
  readonly messages: readonly Message[];
  /** `[messages, length]` numbers of characters. */
  readonly rows: number[][];
  /** The place in each row where the answer is read: its last character, or the row's last place. */
  readonly ends: number[];
  readonly labels: number[];
}

/** Messages as rows of numbers, filled up to one length. */
export function encodeAll(
  vocabulary: readonly string[],
  messages: readonly Message[],
  { length, answer }: { length: number; answer: 'end' | 'padded' },
): Encoded {
  return {
    messages,
    rows: messages.map(({ text }) => encodeMessage(vocabulary, text, length)),
    ends: messages.map(({ text }) => (answer === 'end' ? [...text].length : length) - 1),
    labels: messages.map(({ label }) => label),
  };
}

/** Splits by the seed, takes the vocabulary from the messages to learn from, and encodes both sides. */
export function prepareMessages(
  seed: number,
  how: { split: 'together' | 'apart'; length: number; answer: 'end' | 'padded' },
): { vocabulary: readonly string[]; train: Encoded; test: Encoded } {
  const { train, test } = splitMessages(seed, how.split);
  const vocabulary = readVocabulary(train);
  const encode = (messages: readonly Message[]): Encoded => encodeAll(vocabulary, messages, how);
  return { vocabulary, train: encode(train), test: encode(test) };
}

const said = (praise: boolean): string => (praise ? '夸' : '骂');

/** The first messages that were read wrongly, with the probability of praise each got. */
export function mistakesView(messages: readonly Message[], p: ArrayLike<number>): TableView {
  const rows = messages.map(({ text, label }, i) => ({ text, label, praise: p[i] ?? NaN }));
  const wrong = rows.filter(({ label, praise }) => praise > 0.5 !== (label === 1));
  return tableView(
    '读错的留言',
    ['留言', '其实', '判为夸的概率'],
    wrong
      .slice(0, 12)
      .map(({ text, label, praise }) => [text, said(label === 1), praise.toFixed(2)]),
  );
}

/** A text with the probability of praise after each character; the verdict stands at place `answer`. */
export function readingView(
  vocabulary: readonly string[],
  text: string,
  p: ArrayLike<number>,
  answer: number,
): TokensView {
  const final = p[answer] ?? NaN;
  const tokens = [...text].map((char, i) => {
    const praise = p[i] ?? NaN;
    const known = vocabulary.includes(char);
    return { text: known ? char : `${char}?`, value: 2 * praise - 1, note: praise.toFixed(2) };
  });
  return tokensView(
    `${said(final > 0.5)}：判为夸的概率 ${final.toFixed(2)}`,
    '数字是读到这个字为止，判为夸的概率；带问号的字训练时没见过两次，不认得',
    tokens,
  );
}
