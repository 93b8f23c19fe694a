/** The nouns of a training example. Imports only its neighbours; knows no tensor library, worker or page. */
import type { ParamSpecs, ParamValues } from './params.ts';
import type { View } from './view.ts';

/** Every technique an example may be filed under, with the words the gallery shows. */
export const TECHNIQUES = {
  regression: '回归',
  classification: '分类',
  optimizer: '优化器',
  architecture: '网络结构',
  data: '数据处理',
  evaluation: '评估',
  text: '文本',
  speech: '语音',
  recommendation: '推荐',
  vision: '图像',
  graph: '图网络',
  privacy: '隐私',
  safety: '公平与安全',
  science: '科学',
} as const;
export type Technique = keyof typeof TECHNIQUES;

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';
export const BACKENDS: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

export interface MetricSpec {
  /** What the number is, in Chinese. */
  readonly label: string;
  /** The y axis it is drawn on; metrics with the same words share one chart. */
  readonly chart: string;
  readonly better: 'lower' | 'higher';
  /** A fraction 0…1 whose axis is fixed; otherwise the axis follows the data. */
  readonly fraction?: true;
}
export type MetricSpecs = Readonly<Record<string, MetricSpec>>;

/** A scalar tensor, seen only as something that can be read later. */
export interface ScalarLike {
  readonly rank: number;
  readonly dtype: string;
  data(): Promise<ArrayLike<number>>;
}
export interface Disposable {
  dispose(): unknown;
}

/** One training step. A metric may be a scalar tensor: the runner reads it with its batch, off the hot path. */
export interface Step<M extends MetricSpecs> {
  readonly metrics: { readonly [K in keyof M]: number | ScalarLike };
  /**
   * Called only when the page is due a picture (about ten times a second, and at the end), so it may be
   * costly. Uses the model's variables and the run's data, never tensors made inside the step.
   */
  readonly views?: () => readonly View[] | Promise<readonly View[]>;
}

export interface RunContext<P extends ParamSpecs> {
  readonly params: ParamValues<P>;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Steps taken before this run, when it goes on from a checkpoint; else 0. `train` starts its loop there. */
  readonly done: number;
  /**
   * Holds plain data that outlives a step: change what it returns in place, and a checkpoint has it.
   * Called in the same order whenever the run goes on; then it returns what was saved, not `initial`.
   */
  state<T extends object>(initial: T): T;
  /** Hands a thing with `dispose()` (an optimizer, a layers model) to the runner, which frees it at the end. */
  own<T extends Disposable>(thing: T): T;
  /** Reads `public/datasets/<path>`; the page shows the download. */
  load(path: string): Promise<ArrayBuffer>;
}

/** What a reader can put into a trained model. */
export type InputSpec =
  | {
      readonly kind: 'numbers';
      readonly label: string;
      readonly fields: Readonly<
        Record<string, { label: string; default: number; min: number; max: number; step: number }>
      >;
    }
  | {
      readonly kind: 'text';
      readonly label: string;
      readonly default: string;
      readonly maxLength: number;
    }
  /** Grey values 0 (paper) … 1 (ink), `width · height`, row by row. */
  | {
      readonly kind: 'drawing';
      readonly label: string;
      readonly width: number;
      readonly height: number;
    }
  /** A picture file, cropped to the middle and scaled; grey values 0 (dark) … 1 (bright), or red, green, blue in turn. */
  | {
      readonly kind: 'image';
      readonly label: string;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
    }
  /** A recording from the microphone, or a sound file: one channel of samples −1 … 1. */
  | {
      readonly kind: 'sound';
      readonly label: string;
      readonly seconds: number;
      /** Samples a second. */
      readonly rate: number;
    }
  /** Points that the reader sets, moves and deletes on a field; each belongs to a group. */
  | {
      readonly kind: 'points';
      readonly label: string;
      readonly x: { readonly label: string; readonly min: number; readonly max: number };
      readonly y: { readonly label: string; readonly min: number; readonly max: number };
      readonly groups: readonly string[];
      readonly least: number;
      readonly most: number;
    };
export type ProbeInput =
  | { readonly kind: 'numbers'; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'drawing'; readonly pixels: readonly number[] }
  /** `width · height · channels` values, row by row from the top. */
  | { readonly kind: 'image'; readonly pixels: readonly number[] }
  /** `seconds · rate` values. */
  | { readonly kind: 'sound'; readonly samples: readonly number[] }
  | {
      readonly kind: 'points';
      readonly points: readonly {
        readonly x: number;
        readonly y: number;
        readonly group: number;
      }[];
    };

/** Datasets whose files a reader may bring; each is a folder of `datasets/`. */
export type BroughtDataset = 'cifar10';

export interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Check<P extends ParamSpecs, M extends MetricSpecs> {
  readonly params?: Partial<ParamValues<P>>;
  readonly seed?: number;
  /** Holds after this many steps … */
  readonly steps: number;
  /** … for the metrics of the last one. */
  readonly expect: { readonly [K in keyof M]?: Bound };
}

export interface Preset<P extends ParamSpecs> {
  /** The words on the button, in Chinese, short: `学习率 0.12`. */
  readonly label: string;
  readonly params: Partial<ParamValues<P>>;
}

/**
 * A training example: one file whose shown text is the code that runs.
 *
 * The runner opens one tensor scope for the run and one for each step, so an example needs no `tidy` and no
 * `dispose`. Tensors made in `data` and `model` live as long as the run; tensors made between two yields of
 * `train` die at the yield, so what must survive a step is a `tf.variable` made in `data` or `model`, an owned
 * optimizer, or plain data in `run.state`. From these, the seed and `run.done` a run goes on as if it had never stopped.
 */
export interface Example<P extends ParamSpecs, M extends MetricSpecs, Data, Model> {
  readonly title: string;
  /** One sentence: what is learned, from what, to show what. */
  readonly summary: string;
  readonly techniques: readonly Technique[];
  readonly params: P;
  readonly metrics: M;
  /** "Now break it": named settings offered as buttons; each is recorded too, so prose can quote it. */
  readonly presets?: Readonly<Record<string, Preset<P>>>;
  /**
   * A dataset that the site need not host: the page lets the reader bring its files, which are checked, kept in the
   * browser, and read as `run.load('<dataset>/<file>')` like any other.
   */
  readonly brings?: BroughtDataset;
  /** Backends that cannot run it, each with the reason shown to the reader. */
  readonly excludes?: Partial<Record<BackendName, string>>;
  data(run: RunContext<P>): Data | Promise<Data>;
  model(run: RunContext<P>, data: Data): Model | Promise<Model>;
  /** Number of steps of a whole run, for the progress bar; `train` yields those after `run.done`. */
  length(run: RunContext<P>, data: Data): number;
  train(run: RunContext<P>, data: Data, model: Model): AsyncGenerator<Step<M>, void>;
  /** Use what was just trained. May throw an `InputError` with a sentence for the reader. */
  readonly probe?: {
    readonly input: InputSpec;
    infer(
      run: RunContext<P>,
      data: Data,
      model: Model,
      input: ProbeInput,
    ): readonly View[] | Promise<readonly View[]>;
  };
  /** The promise printed on the page and held by a test. */
  readonly check: Check<P, M>;
}

/** Any example, when its types do not matter. */
export type AnyExample = Example<ParamSpecs, MetricSpecs, unknown, unknown>;

/** Identity; exists so that TypeScript infers the four types of an example. */
export function defineExample<const P extends ParamSpecs, const M extends MetricSpecs, Data, Model>(
  example: Example<P, M, Data, Model>,
): Example<P, M, Data, Model> {
  return example;
}

/** A reader's input that the model cannot take; the message is a Chinese sentence saying what is allowed. */
export class InputError extends Error {
  override name = 'InputError';
}
