/** The live example without a page: state machine, history, addresses, promises, advice, and its words. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { claim, enter, leave, type Trainee } from '../../src/components/run-example/coordinator.ts';
import { webgpuAdvice } from '../../src/components/run-example/advice.ts';
import {
  chartGroups,
  chartView,
  KEPT_RUNS,
  nearest,
  runData,
  RunHistory,
  runTable,
  slimRuns,
  sparse,
} from '../../src/components/run-example/history.ts';
import { linkQuery, parseSeed, readLink } from '../../src/components/run-example/link.ts';
import {
  promiseWords,
  recordedWords,
  timeClass,
} from '../../src/components/run-example/promise.ts';
import {
  differenceWords,
  initialParams,
  matchingPreset,
  metricWords,
  rateParams,
  sizeLabels,
  sliderPosition,
  sliderValue,
  type LiveSpec,
} from '../../src/components/run-example/spec.ts';
import {
  advance,
  enabledButtons,
  IDLE,
  kebab,
  mirror,
  Tenths,
  timeLeft,
  type Action,
  type Session,
} from '../../src/components/run-example/state.ts';
import { thumbnail } from '../../src/components/run-example/thumbnail.ts';
import { regionsOf } from '../../src/content/regions.ts';
import { defineExample, type MetricSpecs } from '../../src/contract/example.ts';
import type { ParamSpecs } from '../../src/contract/params.ts';
import type { BackendProblem, RunErrorCode, RunEvent } from '../../src/contract/protocol.ts';
import type { RecordedRun, Recording } from '../../src/contract/recording.ts';
import { formatBytes, formatDuration, formatNumber, formatRate } from '../../src/i18n/numbers.ts';
import { zh } from '../../src/i18n/zh.ts';
import { exampleIds } from './node-host.ts';

const params = {
  learningRate: {
    kind: 'number',
    label: '学习率',
    default: 0.01,
    min: 0.001,
    max: 1,
    step: 0.001,
    scale: 'log',
  },
  hidden: { kind: 'number', label: '隐藏单元', default: 16, min: 2, max: 64, step: 2 },
  optimizer: {
    kind: 'choice',
    label: '优化器',
    default: 'adam',
    options: { adam: 'Adam', sgd: '梯度下降' },
  },
  shuffle: { kind: 'toggle', label: '打乱', default: true },
} as const satisfies ParamSpecs;
const metrics: MetricSpecs = {
  loss: { label: '训练损失', chart: '损失', better: 'lower' },
  validationLoss: { label: '验证损失', chart: '损失', better: 'lower' },
  accuracy: { label: '准确率', chart: '准确率', better: 'higher', fraction: true },
};
const spec: LiveSpec = {
  id: 'two-moons',
  title: '两个月牙',
  params,
  metrics,
  presets: { hot: { label: '学习率 1', params: { learningRate: 1 } } },
  excludes: { webgl: '精度不够' },
  input: undefined,
  brings: undefined,
  initial: { learningRate: 0.01, hidden: 16, optimizer: 'adam', shuffle: true },
  seed: 7,
  page: '/examples/two-moons/',
  recording: undefined,
  drawn: undefined,
  stepMs: {},
  version: 'v',
};

const event = (value: RunEvent): Action => ({ type: 'event', event: value });
const play = (actions: readonly Action[], from: Session = IDLE): Session =>
  actions.reduce(advance, from);
const ready: RunEvent = {
  type: 'backend-ready',
  backend: 'webgpu',
  adapter: 'M1',
  software: false,
  notices: [],
};
const steps = (first: number, ...losses: readonly number[]): RunEvent => ({
  type: 'steps',
  first,
  steps: losses.map((loss) => ({ loss, validationLoss: loss * 2, accuracy: 0.5 })),
  ms: 100,
  stepsPerSecond: 20,
});
const running: readonly Action[] = [
  { type: 'start' },
  event({ type: 'phase', phase: 'backend' }),
  event(ready),
  event({ type: 'data-ready', steps: 100, changes: [] }),
  event(steps(1, 3, 2, 1)),
];

describe('the state machine', () => {
  test('a run goes from idle through starting and running to ended', () => {
    assert.equal(play(running.slice(0, 1)).state, 'starting');
    assert.equal(play(running.slice(0, 4)).state, 'starting');
    const moving = play(running);
    assert.equal(moving.state, 'running');
    assert.equal(moving.step, 3);
    assert.equal(moving.steps, 100);
    assert.equal(moving.backend, 'webgpu');
    const end: RunEvent = {
      type: 'run-end',
      reason: 'completed',
      steps: 100,
      ms: 900,
      leakedTensors: 0,
    };
    const ended = advance(moving, event(end));
    assert.deepEqual([ended.state, ended.reason, ended.step], ['ended', 'completed', 100]);
    assert.equal(advance(ended, event(steps(101, 9))), ended);
  });

  test('a moving run is paused when the worker confirms it, and the cause is kept', () => {
    const asked = play([...running, { type: 'pause', cause: 'hidden' }]);
    assert.equal(asked.state, 'running');
    const paused = advance(asked, event({ type: 'paused' }));
    assert.deepEqual([paused.state, paused.pausedBy], ['paused', 'hidden']);
    const resumed = advance(paused, { type: 'resume' });
    assert.deepEqual([resumed.state, resumed.pausedBy], ['running', undefined]);
  });

  test('a pause during the start holds, also while the start goes on', () => {
    const paused = play([
      ...running.slice(0, 2),
      { type: 'pause', cause: 'reader' },
      event(ready),
      event({ type: 'data-ready', steps: 100, changes: [] }),
      event({ type: 'phase', phase: 'train' }),
    ]);
    assert.equal(paused.state, 'paused');
    assert.equal(advance(paused, { type: 'resume' }).state, 'running');
  });

  test('a single step leaves the run paused at the next step', () => {
    const paused = play([...running, event({ type: 'paused' })]);
    const stepped = play([event(steps(4, 0.5)), event({ type: 'paused' })], paused);
    assert.deepEqual([stepped.state, stepped.step, stepped.latest['loss']], ['paused', 4, 0.5]);
  });

  test('a lost device starts the same run again from step 0 on another backend', () => {
    const again = play([
      ...running,
      event({ type: 'restarted', because: 'device-lost', lost: 'webgpu', fromStep: 0, atStep: 3 }),
      event({ ...ready, backend: 'wasm', adapter: '' }),
    ]);
    assert.equal(again.run, 1);
    assert.equal(again.step, 0);
    assert.deepEqual([again.state, again.lost, again.backend], ['starting', 'webgpu', 'wasm']);
  });

  test('a failure keeps the step and names its code', () => {
    const failed = play([
      ...running,
      event({ type: 'run-error', code: 'diverged', message: 'NaN', step: 4, metric: 'loss' }),
    ]);
    assert.deepEqual([failed.state, failed.error?.code, failed.step], ['failed', 'diverged', 3]);
    assert.equal(advance(failed, { type: 'start' }).run, 2);
  });

  test('reset returns to idle from every state and keeps counting runs', () => {
    for (let length = 0; length <= running.length; length++) {
      const reset = advance(play(running.slice(0, length)), { type: 'reset' });
      assert.equal(reset.state, 'idle');
      assert.equal(reset.run, length === 0 ? 0 : 1);
    }
  });

  test('each state allows exactly the buttons that make sense in it', () => {
    const on = (session: Session): string =>
      Object.entries(enabledButtons(session))
        .filter(([, enabled]) => enabled)
        .map(([name]) => name)
        .join(' ');
    assert.equal(on(IDLE), 'run step');
    assert.equal(on(play(running.slice(0, 2))), 'pause stop reset');
    assert.equal(on(play(running)), 'pause stop reset');
    assert.equal(on(play([...running, event({ type: 'paused' })])), 'resume step stop reset');
    const error: RunEvent = { type: 'run-error', code: 'gpu-error', message: '' };
    assert.equal(on(play([...running, event(error)])), 'run step reset retry');
  });

  test('the attributes mirror the session, metrics in kebab case and full precision', () => {
    assert.equal(kebab('validationLoss'), 'validation-loss');
    const session = play([...running, event(steps(4, 1 / 3))]);
    const attributes = mirror(session, Object.keys(metrics));
    assert.equal(attributes['data-state'], 'running');
    assert.equal(attributes['data-step'], '4');
    assert.equal(attributes['data-steps'], '100');
    assert.equal(attributes['data-loss'], '0.3333333333333333');
    assert.equal(attributes['data-validation-loss'], '0.6666666666666666');
    assert.equal(attributes['data-software'], 'false');
    assert.equal(attributes['data-error'], undefined);
    assert.equal(mirror(IDLE, ['loss'])['data-loss'], undefined);
  });

  test('time left follows from the rate, and is unknown while nothing moves', () => {
    assert.equal(timeLeft(play(running)), (97 / 20) * 1000);
    assert.equal(timeLeft(play([...running, event({ type: 'paused' })])), undefined);
    assert.equal(timeLeft(IDLE), undefined);
  });

  test('every tenth of a run is announced once, and the end is left to the end', () => {
    const tenths = new Tenths();
    const said = Array.from({ length: 200 }, (_, i) => tenths.reached(i + 1, 200)).filter(
      (percent) => percent !== undefined,
    );
    assert.deepEqual(said, [10, 20, 30, 40, 50, 60, 70, 80, 90]);
    tenths.restart();
    assert.equal(tenths.reached(150, 200), 70);
    assert.equal(tenths.reached(151, 200), undefined);
    assert.equal(new Tenths().reached(3, 0), undefined);
  });
});

describe('the history of runs', () => {
  const begin = (history: RunHistory, number: number, loss: number): void => {
    history.begin(number, spec.initial, 7);
    history.append(1, [{ loss, validationLoss: loss, accuracy: 0 }]);
  };

  test('batches become one series of each metric, with their step numbers', () => {
    const history = new RunHistory(Object.keys(metrics));
    history.begin(1, spec.initial, 7);
    history.append(1, [{ loss: 3, validationLoss: 4, accuracy: 0.1 }]);
    history.append(2, [
      { loss: 2, validationLoss: 3, accuracy: 0.2 },
      { loss: 1, validationLoss: 2, accuracy: 0.3 },
    ]);
    assert.deepEqual(history.current?.index, [1, 2, 3]);
    assert.deepEqual(history.current?.metrics['validationLoss'], [4, 3, 2]);
  });

  test('the four runs before the present one stay, newest first', () => {
    const history = new RunHistory(Object.keys(metrics));
    for (let number = 1; number <= 7; number++) begin(history, number, number);
    assert.equal(history.current?.number, 7);
    assert.deepEqual(
      history.previous.map((run) => run.number),
      [6, 5, 4, 3],
    );
    assert.equal(history.previous.length, KEPT_RUNS);
    history.clear();
    assert.equal(history.current, undefined);
    assert.deepEqual(history.previous, []);
  });

  test('a run without a step leaves no line behind', () => {
    const history = new RunHistory(Object.keys(metrics));
    history.begin(1, spec.initial, 7);
    history.begin(2, spec.initial, 7);
    assert.deepEqual(history.previous, []);
  });

  test('a restart keeps what was drawn as an earlier line and counts from 1 again', () => {
    const history = new RunHistory(Object.keys(metrics));
    begin(history, 1, 3);
    history.restart();
    history.append(1, [{ loss: 2, validationLoss: 2, accuracy: 0 }]);
    assert.deepEqual(history.current?.index, [1]);
    assert.deepEqual(
      history.previous.map((run) => run.metrics['loss']),
      [[3]],
    );
  });

  test('metrics with the same chart words share a chart, fractions keep 0 to 1', () => {
    const groups = chartGroups(metrics);
    assert.deepEqual(
      groups.map((group) => [group.chart, group.names, group.fraction]),
      [
        ['损失', ['loss', 'validationLoss'], false],
        ['准确率', ['accuracy'], true],
      ],
    );
    const run = { index: [1, 2], metrics: { accuracy: [0.4, 0.6] } };
    const view = chartView(groups[1]!, metrics, run, false);
    assert.deepEqual([view.y.min, view.y.max, view.y.scale], [0, 1, 'linear']);
    assert.deepEqual(view.series, [{ label: '准确率', xs: [1, 2], ys: [0.4, 0.6] }]);
  });

  test('a sparse run keeps its ends and has no more than the wanted steps', () => {
    const index = Array.from({ length: 999 }, (_, i) => i + 1);
    const few = sparse({ index, metrics: { loss: index.map((i) => 1 / i) } }, 21);
    assert.equal(few.index.length, 21);
    assert.deepEqual([few.index[0], few.index.at(-1)], [1, 999]);
    assert.equal(few.metrics['loss']?.[20], 1 / 999);
  });

  test('the nearest recorded step is found for any place on the axis', () => {
    const index = [1, 11, 21];
    assert.deepEqual(
      [-5, 1, 5, 7, 16, 17, 400].map((step) => nearest(index, step)),
      [0, 0, 0, 1, 1, 2, 2],
    );
    assert.equal(nearest([], 3), -1);
  });

  test('the copied table has a heading and every step', () => {
    const run = {
      index: [1, 2],
      metrics: { loss: [3, 2], validationLoss: [4, 3], accuracy: [0, 1] },
    };
    assert.equal(runTable(metrics, run), '步\t训练损失\t验证损失\t准确率\n1\t3\t4\t0\n2\t2\t3\t1');
  });

  test('the downloaded run can be read back, also when it diverged', () => {
    const history = new RunHistory(['loss']);
    history.begin(1, spec.initial, 7);
    history.append(1, [{ loss: 1 }, { loss: Infinity }]);
    const data = JSON.parse(runData('two-moons', 'https://x/', history.current!)) as {
      seed: number;
      metrics: unknown;
      steps: number[];
    };
    assert.equal(data.seed, 7);
    assert.deepEqual(data.metrics, { loss: [1, 'Infinity'] });
    assert.deepEqual(data.steps, [1, 2]);
  });

  const recorded: RecordedRun = {
    params: {},
    seed: 1,
    steps: 3,
    ms: 10,
    end: 'completed',
    index: [1, 2, 3],
    metrics: { loss: [1 / 3, NaN, 0.1], accuracy: [0, 0.5, 1] },
    views: [],
  };
  test('recorded values are cut to five significant digits', () => {
    assert.deepEqual(slimRuns({ default: recorded })['default']?.metrics['accuracy'], [0, 0.5, 1]);
    assert.equal(slimRuns({ default: recorded })['default']?.metrics['loss']?.[0], 0.33333);
  });

  test('a thumbnail draws finite values only, and nothing for a single step', () => {
    const svg = thumbnail(recorded, metrics, ['loss', 'accuracy']);
    assert.equal(svg.match(/<path/g)?.length, 2);
    assert.doesNotMatch(svg, /NaN|Infinity/);
    assert.equal(thumbnail({ ...recorded, index: [1] }, metrics, ['loss']), '');
  });
});

describe('addresses', () => {
  test('a copied link comes back as the same settings', () => {
    const settings = {
      params: { learningRate: 0.25, hidden: 32, optimizer: 'sgd', shuffle: false },
      seed: 4294967295,
      backend: 'wasm',
    } as const;
    const link = readLink(spec, linkQuery(spec.id, settings), false);
    assert.deepEqual(link.params, settings.params);
    assert.deepEqual([link.seed, link.backend, link.applies], [4294967295, 'wasm', true]);
    assert.deepEqual(link.sentences, []);
  });

  test('values out of range are fitted, and each change has a sentence', () => {
    const link = readLink(spec, '?example=two-moons&p.learningRate=99&p.optimizer=lion', false);
    assert.equal(link.params['learningRate'], 1);
    assert.equal(link.params['optimizer'], 'adam');
    assert.equal(link.sentences.length, 2);
    assert.match(link.sentences[0] ?? '', /学习率.*99.*0\.001 到 1.*改用 1/);
    assert.match(link.sentences[1] ?? '', /优化器.*lion.*adam、sgd.*改用 Adam/);
  });

  test('unknown names, seeds and backends are named with what is allowed', () => {
    const link = readLink(spec, '?p.speed=3&seed=-1&backend=metal', true);
    assert.deepEqual(link.params, spec.initial);
    assert.deepEqual([link.seed, link.backend], [7, 'auto']);
    const text = link.sentences.join();
    assert.match(text, /没有参数“speed”.*learningRate、hidden、optimizer、shuffle/);
    assert.match(text, /种子“-1”/);
    assert.match(text, /“metal”.*auto、webgpu、webgl、wasm、cpu/);
  });

  test('a backend that the example excludes is refused with its reason', () => {
    const link = readLink(spec, '?backend=webgl', false);
    assert.equal(link.backend, 'auto');
    assert.match(link.sentences[0] ?? '', /WebGL（精度不够）/);
  });

  test('a link for another example changes nothing, a backend alone speaks to all', () => {
    const other = readLink(spec, '?example=digits&p.learningRate=1&backend=cpu', true);
    assert.equal(other.applies, false);
    assert.deepEqual(other.params, spec.initial);
    const all = readLink(spec, '?backend=CPU', false);
    assert.deepEqual([all.applies, all.backend], [true, 'cpu']);
  });

  test('without a named example, parameters speak only to an example that is alone', () => {
    assert.equal(readLink(spec, '?p.hidden=4', false).params['hidden'], 16);
    assert.equal(readLink(spec, '?p.hidden=4', true).params['hidden'], 4);
  });

  test('seeds are whole numbers of 32 bits', () => {
    assert.deepEqual(
      ['0', ' 12 ', '4294967295', '4294967296', '1.5', '-1', '', 'x', '1e3'].map(parseSeed),
      [0, 12, 4294967295, undefined, undefined, undefined, undefined, undefined, undefined],
    );
  });
});

describe('parameters on the page', () => {
  test('a slider and its number say the same at both ends and on the way back', () => {
    const log = params.learningRate;
    assert.equal(sliderPosition(log, 0.001), 0);
    assert.equal(sliderPosition(log, 1), 1);
    assert.equal(sliderValue(log, 0.5), 0.032);
    assert.equal(sliderValue(log, 1), 1);
    const linear = params.hidden;
    assert.equal(sliderValue(linear, sliderPosition(linear, 34)), 34);
    assert.equal(sliderValue(linear, 0.5), 34);
  });

  test('a preset is recognised by its values, anything else is the reader’s own', () => {
    assert.equal(matchingPreset(params, spec.presets, spec.initial), 'default');
    assert.equal(matchingPreset(params, spec.presets, { ...spec.initial, learningRate: 1 }), 'hot');
    assert.equal(matchingPreset(params, spec.presets, { ...spec.initial, hidden: 8 }), undefined);
  });

  test('differences from the defaults are told in the labels’ words', () => {
    const mine = { ...spec.initial, optimizer: 'sgd', shuffle: false };
    assert.equal(differenceWords(params, mine), '优化器 梯度下降，打乱 关');
    assert.equal(differenceWords(params, spec.initial), '');
  });

  test('what to lower after divergence and what to shrink are found by name or label', () => {
    assert.deepEqual(rateParams(params), ['learningRate']);
    assert.deepEqual(sizeLabels(params), ['隐藏单元']);
  });

  const example = defineExample({
    title: '两个月牙',
    summary: '试验',
    techniques: ['classification'],
    params,
    metrics: {
      accuracy: { label: '训练准确率', chart: '准确率', better: 'higher', fraction: true },
      loss: { label: '损失', chart: '损失', better: 'lower' },
    },
    data: () => 0,
    model: () => 0,
    length: () => 1,
    async *train() {},
    check: { steps: 150, expect: { accuracy: { atLeast: 0.95 }, loss: { atMost: 0.1 } } },
  });

  test('a chapter’s parameters that do not fit stop the build with the example’s id', () => {
    assert.equal(initialParams('two-moons', example, { hidden: 8 })['hidden'], 8);
    assert.throws(
      () => initialParams('two-moons', example, { hidden: 999 }),
      /two-moons.*hidden.*999/,
    );
    assert.throws(() => initialParams('two-moons', example, { hide: 1 }), /params\.hide/);
  });

  test('the promise is made from the check, the recording’s words from the recording', () => {
    assert.equal(promiseWords(example), '训练准确率 ≥ 0.95，损失 ≤ 0.1，150 步内');
    assert.equal(
      promiseWords({ ...example, check: { ...example.check, params: { learningRate: 0.5 } } }),
      '设 学习率 0.5 时，训练准确率 ≥ 0.95，损失 ≤ 0.1，150 步内',
    );
    const recording: Recording = {
      example: 'two-moons',
      source: '',
      date: '2026-11-22',
      backend: 'wasm',
      adapter: '',
      machine: '',
      runs: {
        default: {
          params: {},
          seed: 1,
          steps: 1,
          ms: 2800,
          end: 'completed',
          index: [1],
          metrics: {},
          views: [],
        },
      },
    };
    assert.equal(recordedWords(recording), '录制于 2026-11-22，wasm，约 3 秒');
    assert.deepEqual([300, 2800, 12_000].map(timeClass), ['fast', 'medium', 'slow']);
  });
});

describe('one training at a time', () => {
  test('whoever starts pauses whoever trains, and nobody else', () => {
    const paused: string[] = [];
    const make = (exampleTitle: string, training: boolean): Trainee => ({
      exampleTitle,
      training,
      yieldTo: (title) => paused.push(`${exampleTitle} for ${title}`),
    });
    const [a, b, c] = [make('a', true), make('b', false), make('c', true)];
    for (const trainee of [a, b, c]) enter(trainee);
    assert.deepEqual(claim(c), ['a']);
    assert.deepEqual(paused, ['a for c']);
    leave(a);
    leave(c);
    assert.deepEqual(claim(b), []);
    leave(b);
  });
});

describe('the words', () => {
  const context = {
    message: 'reason',
    step: 12,
    metric: '损失',
    rates: ['学习率'],
    sizes: ['批大小'],
    backend: 'webgpu',
  } as const;
  const codes = Object.keys(zh.errors) as RunErrorCode[];

  test('a metric is called by its label, and by its chart too where two labels are alike', () => {
    const two: MetricSpecs = {
      ...metrics,
      recall: { label: '准确率', chart: '召回率', better: 'higher', fraction: true },
    };
    assert.equal(metricWords(metrics, 'accuracy'), '准确率');
    assert.equal(metricWords(two, 'accuracy'), '准确率 · 准确率');
    assert.equal(metricWords(two, 'recall'), '准确率 · 召回率');
    assert.equal(metricWords(two, 'loss'), '训练损失');
    assert.equal(metricWords(two, 'unknown'), 'unknown');
  });

  test('every region of every example has a heading in words', () => {
    for (const id of exampleIds) {
      const source = readFileSync(new URL(`../../src/examples/${id}.ts`, import.meta.url), 'utf8');
      for (const region of regionsOf(source).keys()) {
        assert.ok(Object.hasOwn(zh.page.regions, region), `${id}: ${region}`);
      }
    }
  });

  test('every error says what happened and what to do, in Chinese sentences', () => {
    assert.equal(codes.length, 12);
    for (const code of codes) {
      for (const told of [
        zh.errors[code](context),
        zh.errors[code]({ message: '', rates: [], sizes: [], backend: undefined }),
      ]) {
        assert.match(told.what, /\p{Script=Han}.*。）?$/u, code);
        assert.match(told.todo, /\p{Script=Han}.*。$/u, code);
        assert.doesNotMatch(told.what + told.todo, /undefined|（）/, code);
      }
    }
  });

  test('divergence names the step, the metric and what to lower; memory names what to shrink', () => {
    const { what, todo } = zh.errors.diverged(context);
    assert.match(what, /第 12 步.*损失/);
    assert.match(todo, /“学习率”/);
    assert.match(zh.errors['out-of-memory'](context).todo, /“批大小”/);
  });

  test('every problem of a backend has a sentence', () => {
    for (const problem of Object.keys(zh.problems) as BackendProblem[]) {
      assert.match(zh.problems[problem]('WebGPU', 'detail', '建议。'), /WebGPU.*。/u);
    }
  });

  test('what a browser needs for WebGPU depends on the browser', () => {
    const chrome = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36';
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0';
    const safari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15';
    assert.match(webgpuAdvice(chrome, true), /Linux.*144/);
    assert.match(webgpuAdvice(firefox, true), /Windows.*Firefox.*141/);
    assert.match(webgpuAdvice(safari, true), /Safari.*26/);
    assert.match(webgpuAdvice(chrome, false), /HTTPS/);
    assert.match(webgpuAdvice('', true), /Chrome.*Safari.*Firefox/);
  });

  test('numbers, times, sizes and rates are written the same everywhere', () => {
    assert.deepEqual(
      [0, 1, -2.5, 1 / 3, 123456, 0.00001234, NaN, Infinity].map((value) => formatNumber(value)),
      ['0', '1', '−2.5', '0.3333', '1.23e5', '1.23e−5', '—', '∞'],
    );
    assert.deepEqual([12, 800, 3000, 60_000, 125_000, 3_780_000].map(formatDuration), [
      '0.1 秒',
      '0.8 秒',
      '3 秒',
      '1 分',
      '2 分 5 秒',
      '1 小时 3 分',
    ]);
    assert.deepEqual([999, 240_000, 1_234_567].map(formatBytes), ['999 B', '240 kB', '1.2 MB']);
    assert.deepEqual([0.123, 9.87, 123.4].map(formatRate), ['0.12', '9.9', '123']);
  });
});
