/** Words of the speed page: names of workloads, libraries and backends, and sentences made of measured numbers. */
import type {
  BenchCell,
  BenchLibrary,
  BenchResults,
  BenchWorkload,
  MeasuredCell,
  PythonCell,
} from '../contract/bench.ts';
import { isMeasured, sameLosses } from '../contract/bench.ts';
import type { BackendName } from '../contract/example.ts';

export const WORKLOAD_WORDS: Readonly<
  Record<BenchWorkload, { title: string; what: string; unit: string }>
> = {
  linear: {
    title: '线性回归',
    what: '100 个点，一个权重，一个偏置，整批梯度下降。一步几乎没有计算，量的是每一步的固定开销。',
    unit: '步/秒',
  },
  mlp: {
    title: '全连接网络',
    what: '64-128-10，8×8 手写数字，每批 32 张，Adam。45 步走完一遍数据。',
    unit: '步/秒',
  },
  cnn: {
    title: '卷积网络',
    what: '三层 3×3 卷积、两次池化、两层全连接，122,570 个权重；32×32 彩色图片，每批 64 张，Adam。',
    unit: '张/秒',
  },
  lstm: {
    title: 'LSTM',
    what: '1000 个词的嵌入表，每词 32 维；64 个单元的 LSTM 读 40 个词，每批 32 句，Adam。',
    unit: '句/秒',
  },
  transformer: {
    title: 'Transformer',
    what: '两层，宽 64，4 个头，只看前文；每段 64 个符号，共 64 种，每批 8 段，Adam。',
    unit: '段/秒',
  },
};

export const LIBRARY_WORDS: Readonly<Record<BenchLibrary, string>> = {
  ours: '本书',
  stock: '原版 TensorFlow.js',
  'jax-js': 'jax-js',
  convnetjs: 'ConvNetJS',
};

export const BACKEND_WORDS: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WASM',
  cpu: '纯 JavaScript',
};

/** `WebGPU（软件模拟）` where the processor plays the GPU. */
export function backendTitle(backend: BackendName, { adapters }: BenchResults): string {
  return `${BACKEND_WORDS[backend]}${adapters[backend]?.software === true ? '（软件模拟）' : ''}`;
}

/** Three significant digits, whole from 100 on, thousands set apart. */
export function speedText(value: number): string {
  if (value >= 100) {
    const whole = String(Math.round(value));
    return whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  }
  return value < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** `3.5 倍`; two significant digits, whole from 10 on. */
export function ratioText(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))} 倍`;
}

/** Within 5 % two speeds count as level. */
export const LEVEL = 0.05;

/** What the ratio means in words: `本书是它的 3.5 倍`, `它是本书的 1.4 倍`. */
export function ratioWords(ratio: number): string {
  if (Math.abs(ratio - 1) <= LEVEL) return '与本书持平';
  const times = ratioText(ratio > 1 ? ratio : 1 / ratio);
  return ratio > 1 ? `本书是它的 ${times}` : `它是本书的 ${times}`;
}

/** Why a library did not train, as a reader can take it; the library's own words stay as they are. */
export const failureWords = (error: string): string => `没有训练成：${error}`;

/** Sentences for every comparison that ours loses, the worst first. */
export function behindWords(results: BenchResults): string[] {
  const lost = results.cells
    .filter(
      (cell): cell is MeasuredCell => isMeasured(cell) && (cell.ratio?.median ?? 1) < 1 - LEVEL,
    )
    .map((cell) => ({
      ratio: cell.ratio?.median ?? 1,
      words: `${WORKLOAD_WORDS[cell.workload].title}，${backendTitle(cell.backend, results)}：${LIBRARY_WORDS[cell.library]} 每秒的量是本书的 ${ratioText(1 / (cell.ratio?.median ?? 1))}`,
    }));
  const python = (results.python?.cells ?? [])
    .filter(({ ratio }) => ratio.median < 1 - LEVEL)
    .map((cell: PythonCell) => ({
      ratio: cell.ratio.median,
      words: `${WORKLOAD_WORDS[cell.workload].title}，Python 的 Keras（${cell.threads} 个线程）对本书的 WASM（${cell.ours.threads} 个线程）：Keras 每秒的量是本书的 ${ratioText(1 / cell.ratio.median)}`,
    }));
  return [...lost, ...python].sort((a, b) => a.ratio - b.ratio).map(({ words }) => words);
}

/** Cells of ours that failed or whose losses strayed: told before anything is praised. */
export function faultWords(results: BenchResults): string[] {
  return results.cells
    .filter((cell) => cell.library === 'ours')
    .flatMap((cell: BenchCell) => {
      const where = `${WORKLOAD_WORDS[cell.workload].title}，${backendTitle(cell.backend, results)}`;
      if (!isMeasured(cell)) return [`${where}：本书${failureWords(cell.error)}`];
      if (sameLosses(cell.check)) return [];
      return [
        `${where}：本书的损失与参照差到 ${cell.check.difference.toExponential(1)}，超过 ${cell.check.tolerance}`,
      ];
    });
}
