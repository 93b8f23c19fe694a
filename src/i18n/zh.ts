/** The interface's words in Chinese: one typed dictionary. Knows no page, no worker, no example. */
import type { BackendName, BroughtDataset } from '../contract/example.ts';
import type {
  BackendProblem,
  CheckpointRefusal,
  Phase,
  RunErrorCode,
} from '../contract/protocol.ts';
import { formatBytes, formatDuration, formatNumber, formatRate } from './numbers.ts';

/** What an error message may speak about. */
export interface ErrorContext {
  /** The browser's, example's or worker's own words; may be empty. */
  readonly message: string;
  readonly step?: number | undefined;
  /** The metric at fault, in Chinese. */
  readonly metric?: string | undefined;
  /** Labels of the parameters that set the step size, if the example has any. */
  readonly rates: readonly string[];
  /** Labels of the parameters that set how much memory is needed. */
  readonly sizes: readonly string[];
  /** The backend that was running or wanted. */
  readonly backend: BackendName | undefined;
}

/** A failure told in two parts. */
export interface ErrorText {
  readonly what: string;
  readonly todo: string;
}

const BACKEND_LABELS: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: 'CPU',
};

const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join('、');

const ERRORS: Readonly<Record<RunErrorCode, (context: ErrorContext) => ErrorText>> = {
  'unknown-example': () => ({
    what: '训练程序里没有这个例子。',
    todo: '这一页可能是旧的缓存：请重新载入页面。',
  }),
  'no-backend': ({ message }) => ({
    what: `这台机器上没有一个能用的计算后端。${note(message)}`,
    todo: '请换一个较新的浏览器，或检查它是否禁用了 WebAssembly 和 WebGL。',
  }),
  'backend-excluded': ({ message, backend }) => ({
    what: `这个例子不能在${backend === undefined ? '所选的后端' : ` ${BACKEND_LABELS[backend]} `}上训练。${note(message)}`,
    todo: '把后端改成“自动”，再点“运行”。',
  }),
  'load-failed': ({ message }) => ({
    what: `数据没有下载下来。${note(message)}`,
    todo: '检查网络，然后点“重试”。',
  }),
  'file-wanted': ({ message }) => ({
    what: `还没有 ${message}。`,
    todo: '在上面的“你的数据文件”里选好文件，再点“运行”。也可以先用画出来的数据。',
  }),
  diverged: ({ step, metric, rates }) => ({
    what: `${step === undefined ? '训练中' : `第 ${step} 步时`}，${metric === undefined ? '指标' : `“${metric}”`}变成了无穷大或不是数：训练发散了。`,
    todo:
      rates.length > 0
        ? `把${quoted(rates)}调低，比如减到现在的三分之一，再运行一次。发散前的数字留在图上。`
        : '换一组更温和的参数，再运行一次。发散前的数字留在图上。',
  }),
  'device-lost': ({ message, backend }) => ({
    what: `浏览器收回了 GPU${backend === undefined ? '' : `（${BACKEND_LABELS[backend]}）`}，训练停了。${note(message)}`,
    todo: '点“重试”从头训练；如果又断，请把后端改成 WASM 或 CPU。',
  }),
  'gpu-error': ({ message, backend }) => ({
    what: `${backend === undefined ? 'GPU' : BACKEND_LABELS[backend]} 报告了一个错误，后面的数字不可信，所以停在这里。${note(message)}`,
    todo: '点“重试”，或把后端改成 WASM 或 CPU。',
  }),
  'out-of-memory': ({ sizes, message }) => ({
    what: `内存或显存不够了。${note(message)}`,
    todo: `${sizes.length > 0 ? `把${quoted(sizes)}调小，` : ''}关掉别的标签页，再点“重试”。`,
  }),
  'example-error': ({ message, step }) => ({
    what: `例子的代码${step === undefined ? '' : `在第 ${step} 步`}出错了。${note(message)}`,
    todo: '点“重置”回到默认参数再试。如果还是这样，请告诉我们你用的参数。',
  }),
  'checkpoint-mismatch': () => ({
    what: '存下的进度和现在的例子对不上，接不上去。',
    todo: '点“重试”从头训练；旧的进度已经丢掉。',
  }),
  'worker-error': ({ message }) => ({
    what: `训练程序意外退出了。${note(message)}`,
    todo: '点“重试”会启动一个新的。如果又退出，请重新载入页面。',
  }),
};

function note(message: string): string {
  // A script that could not be fetched gives an error event without a message.
  return !message ? '' : `（${message.replace(/[。.]+$/u, '')}。）`;
}

const PROBLEMS: Readonly<
  Record<BackendProblem, (label: string, detail: string, advice: string) => string>
> = {
  'no-webgpu': (label, _detail, advice) => `这个浏览器没有 ${label}。${advice}`,
  'no-adapter': (label, _detail, advice) => `浏览器有 ${label}，但没有找到可用的显卡。${advice}`,
  'no-webgl': (label) => `这个浏览器没有 ${label}，或者它的图形加速被关掉了。`,
  'no-wasm': (label) => `这个浏览器不能运行 ${label}（WebAssembly）。`,
  'wrong-results': (label) =>
    `${label} 启动了，但试算一步训练的结果不对（多半是显卡驱动的问题），所以不用它。`,
  'set-backend-failed': (label, detail) => `${label} 没有启动成功。${note(detail)}`,
  'device-lost': (label, detail) => `浏览器收回了 ${label} 的设备。${note(detail)}`,
  excluded: (label, detail) => `这个例子不用 ${label}。${note(detail)}`,
};

const PHASES: Readonly<Record<Phase, string>> = {
  backend: '准备后端',
  download: '下载数据',
  data: '准备数据',
  compile: '编译',
  train: '训练',
};

export const zh = {
  live: '可以运行的例子',
  needsJavaScript: '在这里重新训练它，需要打开浏览器的 JavaScript。下面是一次录下来的运行。',
  backendLabels: BACKEND_LABELS,
  auto: '自动',
  backend: '后端',
  seed: '随机种子',
  newSeed: '换一个种子',
  parameters: '参数',
  presets: '试一试',
  presetDefault: '默认',
  nextRun: '下次运行生效',
  on: '开',
  off: '关',

  run: '运行',
  runAgain: '再运行一次',
  pause: '暂停',
  resume: '继续',
  step: '单步',
  stop: '停止',
  reset: '重置',
  retry: '重试',
  lowerAndRun: (label: string, value: string) => `${label}降到 ${value}，再运行`,
  controls: '训练控制',
  copyLink: '复制链接',
  linkCopied: '链接已复制，里面有参数、种子和后端。',
  linkShown: (url: string) => `浏览器不让网页写剪贴板，请手动复制：${url}`,
  download: '下载这次运行的数据 (JSON)',

  promise: '承诺',
  atLeast: (label: string, bound: string) => `${label} ≥ ${bound}`,
  atMost: (label: string, bound: string) => `${label} ≤ ${bound}`,
  withinSteps: (steps: number) => `${steps} 步内`,
  promiseWith: (settings: string) => `设 ${settings} 时`,
  recordedOn: (date: string, backend: BackendName, ms: number) =>
    `录制于 ${date}，${backend}，约 ${formatDuration(ms)}`,
  recorded: '录制的运行',
  recordedShort: '录制',
  notRecorded: '这个例子还没有录制的运行。点“运行”就能看到结果。',
  recordedDiverged: (step: number) => `这次录制在第 ${step} 步发散。`,
  recordedAt: (steps: number) => `录制的运行，${steps} 步之后：`,
  liveAt: (number: number, step: number) => `第 ${number} 次运行，第 ${step} 步：`,
  recordedOther: '现在的参数没有录过，点“运行”看结果。',
  recordedSettings: (settings: string) => `录制的这次运行用的是：${settings}。`,

  phases: PHASES,
  phaseIdle: '还没有运行',
  phaseDownload: (bytes: number) => `下载 ${formatBytes(bytes)}`,
  phaseTraining: (step: number, steps: number) => `训练 ${step}/${steps} 步`,
  phasePaused: (step: number, steps: number) => `暂停在 ${step}/${steps} 步`,
  phaseEnded: (steps: number, ms: number) => `完成，${steps} 步，${formatDuration(ms)}`,
  phaseStopped: (step: number) => `停在第 ${step} 步`,
  phaseFailed: '出错',
  timeLeft: (ms: number) => `还要约 ${formatDuration(ms)}`,
  rate: (stepsPerSecond: number) => `${formatRate(stepsPerSecond)} 步/秒`,
  software: '软件模拟的 GPU，比真 GPU 慢很多',
  progress: '训练进度',
  measuredHere: (speeds: readonly (readonly [BackendName, number])[]) =>
    `在你的机器上：${speeds.map(([backend, rate]) => `${BACKEND_LABELS[backend]} ${formatRate(rate)} 步/秒`).join('，')}。`,
  race: '各后端比一比',
  raceHelp: (laneSeconds: number, slowSeconds: number) =>
    `同样的参数和种子，在这台机器能用的每个后端上各训练一次，一个接一个。每个后端最多训练 ${laneSeconds} 秒；慢的走满 8 步为止，最多 ${slowSeconds} 秒。`,
  raceStart: '开始比较各后端',
  raceLooking: '先看看这台机器有哪些后端……',
  raceRunning: (backend: BackendName, step: number) =>
    step > 0
      ? `正在用 ${BACKEND_LABELS[backend]} 训练，第 ${step} 步`
      : `正在启动 ${BACKEND_LABELS[backend]}`,
  raceFirstStep: '等第一步',
  raceSteps: (steps: number, time: string) => `${steps} 步，${time}`,
  raceParity: (distance: number) =>
    distance === 0 ? '每一步都与 CPU 相同' : `与 CPU 最多差 ${formatNumber(distance, 2)}`,
  raceRough: '步数太少，速度只是估计，不记下来',
  raceLate: (ms: number) => `${Math.round(ms / 1000)} 秒里没有走完第一步，不等了。`,
  raceCancel: '停止比较',
  raceClose: '收起',
  raceCancelled: '比较中断了。',
  raceEnded: '比完了。',
  raceForOther: '另一个例子开始训练，比较中断了。',
  raceNobody: '没有一个后端跑出速度。',
  raceAlone: (backend: BackendName) => `只有 ${BACKEND_LABELS[backend]} 跑出了速度，没有可比的。`,
  raceFastest: (
    fast: { backend: BackendName; rate: number },
    slow: { backend: BackendName; rate: number },
  ) =>
    `最快的是 ${BACKEND_LABELS[fast.backend]}：${formatRate(fast.rate)} 步/秒，是 ${BACKEND_LABELS[slow.backend]} 的 ${formatRate(fast.rate / slow.rate)} 倍。`,
  raceDifference: (
    label: string,
    {
      step,
      high,
      low,
      relative,
      steps,
    }: {
      step: number;
      high: { backend: BackendName; value: number };
      low: { backend: BackendName; value: number };
      relative: number;
      steps: number;
    },
  ) =>
    high.value === low.value
      ? `共同走过的 ${steps} 步里，各条“${label}”曲线每一步都相同。`
      : `共同走过的 ${steps} 步里，“${label}”曲线最多相差 ${formatNumber(high.value - low.value, 2)}（第 ${step} 步：${BACKEND_LABELS[high.backend]} ${formatNumber(high.value, 6)}，${BACKEND_LABELS[low.backend]} ${formatNumber(low.value, 6)}），是那里数值的 ${formatNumber(100 * relative, 2)}%。${
          relative < 1e-3
            ? '算的是同一件事，只差在舍入。'
            : '各后端舍入不同，差别会随步数放大；WebGL 可能还用了较低的精度。'
        }`,
  raceColumns: (label: string) => ['后端', '步/秒', '步数', '用时', label, '说明'] as const,
  raceTables: '比较的数值表',
  forgetSpeeds: '忘掉',
  forgetSpeedsHelp: '忘掉这个例子在这台机器上的速度',
  usingInstead: (backend: BackendName) => `正在用 ${BACKEND_LABELS[backend]}。`,
  restarted: (backend: BackendName, fromStep: number) =>
    `已改用 ${BACKEND_LABELS[backend]}${fromStep > 0 ? `，从第 ${fromStep} 步继续。` : ' 从头重新训练。'}`,
  savedRun: (step: number, steps: number, date: Date, backend: BackendName) =>
    `${date.getMonth() + 1} 月 ${date.getDate()} 日 ${date.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' })} 用 ${BACKEND_LABELS[backend]} ${step < steps ? `训练到第 ${step} 步，共 ${steps} 步，` : `训练完了 ${steps} 步，`}存在这个浏览器里。`,
  file: {
    title: '模型文件',
    about: '文件里有权重、优化器的状态和到这一步为止的数字；以后打开它，从那一步接着训练。',
    save: '把模型存成文件',
    open: '打开模型文件……',
    none: '还没有可以存的模型：先运行一次。',
    unreadable: '这个文件不是这里存出来的模型。',
    other: (example: string) => `这个文件存的是另一个例子的模型（${example}）。`,
    old: '这个文件是用别的版本的代码存的，接不上去。',
    damaged: '这个文件坏了，读不出完整的模型。',
  },
  continueFrom: (step: number) => `从第 ${step} 步继续`,
  takeModel: '取回训练好的模型',
  restart: '重新开始',
  savedRunGone: '存下的进度已经不在了，请重新运行。',
  brought: {
    title: '你的数据文件',
    about: {
      cifar10:
        '到 CIFAR-10 的网页下载 binary version，文件名是 cifar-10-binary.tar.gz，162 MB。不用解压，直接选它；已经解压的，选里面的 .bin 文件，可以只选几个。文件在你的浏览器里解包、检查、存下来，不上传。',
    } satisfies Readonly<Record<BroughtDataset, string>>,
    source: {
      cifar10: { words: 'CIFAR-10 的网页', href: 'https://www.cs.toronto.edu/~kriz/cifar.html' },
    } satisfies Readonly<Record<BroughtDataset, { words: string; href: string }>>,
    hosted: '这个网站备有这些文件，不用自己下载：选了真的数据，点“运行”就会下载。',
    pick: '选文件',
    working: (percent: number) => `正在解包和检查：${percent}%`,
    cancel: '取消',
    cancelled: '取消了。原来存的文件没有动。',
    forget: '删掉存在浏览器里的文件',
    forgotten: '删掉了。',
    notForgotten: '没有删掉：浏览器不让网页动它的存储。可以在浏览器的设置里清除这个网站的数据。',
    none: '浏览器里还没有存文件。',
    kept: (names: readonly string[], bytes: number) =>
      `浏览器里存着 ${names.length} 个文件（${formatBytes(bytes)}）：${names.join('、')}。下次打开还在。`,
    missing: (names: readonly string[]) => `还缺 ${names.join('、')}。`,
    taken: '检查通过，存好了。',
    official: '校验和与官方的压缩包一致。',
    unofficial: '内容检查都通过了，但校验和与官方的压缩包不同：它重新打过包，或者改过。',
    refused: (sentence: string) => `${sentence}原来存的文件没有动。`,
    notKept: {
      'storage-blocked':
        '文件没有问题，但浏览器不让网页存东西，用不了。请换一个窗口，不要用无痕模式。',
      'storage-full': '文件没有问题，但浏览器的存储空间不够。需要大约 190 MB。原来存的文件没有动。',
    },
  },
  notKept: {
    'storage-blocked':
      '浏览器不让网页存东西，训练进度存不下来。训练照常进行，但重新载入页面后要从头开始。',
    'storage-full':
      '浏览器的存储空间满了，训练进度存不下来。训练照常进行，但重新载入页面后要从头开始。',
    'too-large': '这个模型太大，训练进度存不下来。训练照常进行，但重新载入页面后要从头开始。',
  } as Readonly<Record<CheckpointRefusal, string>>,
  leaked: (count: number) => `这次运行多留下了 ${count} 个张量，没有释放。`,

  startSoon: '正在准备这次运行……',
  errors: ERRORS,
  problems: PROBLEMS,

  pausedByOther: (title: string) => `“${title}”已暂停：一页上同时只训练一个例子。`,
  pausedForOther: '另一个例子开始训练，这个先暂停。点“继续”接着训练。',
  pausedHidden: '标签页看不见的时候训练会暂停，回来后自动继续。',

  announceStart: (title: string) => `${title}：开始训练`,
  announcePercent: (percent: number) => `训练了 ${percent}%`,
  announceEnd: (summary: string) => `训练结束。${summary}`,
  announceStopped: (step: number) => `训练停在第 ${step} 步`,

  fitted: (label: string, from: string, to: string, allowed: string) =>
    `“${label}”不能是 ${from}（允许：${allowed}），改用 ${to}。`,
  unknownParam: (name: string, allowed: string) =>
    `这个例子没有参数“${name}”。${allowed === '' ? '它没有参数。' : `它的参数是：${allowed}。`}`,
  unknownBackend: (name: string) =>
    `没有叫“${name}”的后端，已改用“自动”。可以用：auto、webgpu、webgl、wasm、cpu。`,
  excludedBackend: (backend: BackendName, reason: string) =>
    `这个例子不用 ${BACKEND_LABELS[backend]}（${reason}），已改用“自动”。`,
  badSeed: (raw: string, seed: number) =>
    `种子“${raw}”不能用：要 0 到 4294967295 的整数。已改用 ${seed}。`,

  stepAxis: '步',
  logScale: '对数轴',
  chartHelp: '左右方向键逐点读数，Home、End 到两端。',
  chartAt: (step: number) => `第 ${step} 步`,
  currentRun: '这次',
  previousRun: (number: number) => `第 ${number} 次`,
  numbersTable: '数值表',
  copyTable: '复制表格',
  tableCopied: '表格已复制，可以贴进电子表格。',
  tableNotCopied: '浏览器不让网页写剪贴板，请选中表格手动复制。',
  runs: '这一页上的运行',
  runColumns: ['画出', '运行', '参数', '种子', '后端', '步数', '结果'] as const,
  showLine: (number: number) => `在图上画出第 ${number} 次运行`,
  noDifference: '默认参数',
  endings: { completed: '完成', stopped: '停止', failed: '出错', running: '运行中' } as const,
  results: '结果',
  latest: '最新数值',
  viewsOfRun: '模型的样子',

  source: '源代码',
  sourceFile: (name: string) => `整个例子就是这一个文件：${name}`,
  openPage: '单独打开',

  probeTitle: '用你刚训练的模型',
  probeWait: '先运行一次，再用训练好的模型。',
  probeRun: '试试看',
  probeBusy: '正在计算……',
  probeStale: '模型换了，再点一次“试试看”得到新结果。',
  probeGone: '模型已经不在内存里了：请再运行一次。',
  probeEmpty: '请先输入文字。',
  probeNumber: (min: number, max: number) => `请填 ${min} 到 ${max} 之间的数。`,
  probeLength: (max: number) => `最多 ${max} 个字。`,
  drawClear: '清除',
  drawHelp: '用鼠标或手指画；或用方向键移动光标，空格键涂黑或擦掉。',
  drawCell: (row: number, column: number, inked: boolean) =>
    `第 ${row} 行第 ${column} 列，${inked ? '有墨' : '空白'}`,
  drawEmpty: '画板是空的：请先画点什么。',
  fileLarge: (name: string, megabytes: number) =>
    `${name} 超过 ${megabytes} MB，没有打开。请选小一些的文件。`,
  imageMissing: '请先选一张图片。',
  imageHelp: (width: number, height: number) =>
    `选文件、拖进来或粘贴都行。取正中的一块，缩成 ${width}×${height}；图片不离开这台机器。`,
  imageKind: (name: string) =>
    `${name} 打不开成图片。请选 PNG、JPEG、WebP、GIF 或 SVG 之类的图片文件。`,
  imageTaken: (name: string, width: number, height: number) =>
    `${name}，原来 ${width}×${height}；上面是模型会看到的样子。`,
  imageSeen: (name: string, width: number, height: number) =>
    `${name} 缩成 ${width}×${height} 的样子`,
  soundMissing: '请先录一段，或选一个声音文件。',
  soundHelp: '录音只在这一页里用，不离开这台机器。',
  soundRecord: (seconds: number) => `录 ${seconds} 秒`,
  soundFile: '或选一个声音文件',
  soundOwn: '你的录音',
  soundListening: '正在听……',
  soundKind: (name: string) => `${name} 解不成声音。请选 WAV、MP3、OGG 或 M4A 之类的声音文件。`,
  soundSilent: (name: string, seconds: number) =>
    `${name}几乎没有声音，或者太短：需要 ${seconds} 秒左右听得见的声音。`,
  soundTaken: (name: string, seconds: number) =>
    `${name}，${seconds.toFixed(1)} 秒，取最响的一段。`,
  soundInsecure:
    '这里不能用麦克风：浏览器只在 https 网址或本机地址上开放它。可以选一个声音文件代替。',
  soundDenied: '麦克风没有得到允许。在地址栏旁边的权限里打开它再试，或选一个声音文件。',
  soundNoDevice: '没有找到能用的麦克风。可以选一个声音文件代替。',
  pointsHelp: '点空白处放一个点，拖动能移，点已有的点删掉；或用方向键移动光标，空格键放下或删掉。',
  pointsCount: (count: number, most: number) => `${count} 个点，最多 ${most} 个。`,
  pointsFull: (most: number) => `最多放 ${most} 个点：先删掉一个。`,
  pointsFew: (least: number) => `请至少放 ${least} 个点。`,
  pointsCursor: (x: string, y: string, under: string | undefined) =>
    `光标在 (${x}, ${y})${under === undefined ? '' : `，这里有一个点：${under}`}`,

  gallery: {
    title: '例子',
    description: '书里每个能训练的例子，都在你的浏览器里运行。',
    part: '部分',
    technique: '技术',
    time: '录制用时',
    any: '全部',
    times: { fast: '2 秒以内', medium: '2 到 10 秒', slow: '10 秒以上' } as const,
    count: (shown: number, all: number) =>
      shown === all ? `共 ${all} 个例子` : `${all} 个例子里的 ${shown} 个`,
    none: '没有符合的例子。',
    reset: '清除筛选',
    chapters: '出现在',
    noChapters: '还没有章节用到它',
    open: '打开例子',
  },
  page: {
    code: '代码',
    regions: {
      data: '数据：从哪里来，长什么样',
      model: '模型：有哪些可以训练的量',
      train: '训练：每一步做什么',
      explain: '解释：判断靠了哪里',
      losses: '损失：两种写法',
      forms: '三种写法：带不带偏置',
      block: '一层：注意力、残差和层归一化',
      round: '取整：一个权重只留几位',
      cut: '剪掉：留下哪些权重',
      distil: '蒸馏：学老师给的概率',
    } as Readonly<Record<string, string>>,
    region: (name: string) => `代码：${name}`,
    wholeFile: '整个文件',
    errata: '它证明的勘误',
    noErrata: '没有勘误用它作证据。',
    chapters: '出现在这些章节',
    allExamples: '全部例子',
    probe: '可以用训练好的模型',
  },

  /** One line of metrics: `损失 0.012 · 准确率 0.97`. */
  metricLine: (entries: readonly (readonly [label: string, value: number])[]) =>
    entries.map(([label, value]) => `${label} ${formatNumber(value)}`).join(' · '),

  /** The search box, by Pagefind's names for its words. */
  search: {
    placeholder: '搜索全书',
    clear_search: '清除',
    load_more: '更多结果',
    search_label: '搜索这本书',
    filters_label: '筛选',
    zero_results: '没有找到“[SEARCH_TERM]”',
    many_results: '[COUNT] 条结果：[SEARCH_TERM]',
    one_result: '[COUNT] 条结果：[SEARCH_TERM]',
    alt_search: '没有“[SEARCH_TERM]”，改为显示“[DIFFERENT_TERM]”',
    search_suggestion: '没有找到“[SEARCH_TERM]”，可以试试：',
    searching: '正在搜索“[SEARCH_TERM]”……',
  },
} as const;

export type Words = typeof zh;
