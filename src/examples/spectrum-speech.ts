/** Tells four noisy tones apart, from the waveform and from its spectrum. */
import * as tf from '@tensorflow/tfjs';
import { defineExample, InputError } from '../contract/example.ts';
import { number } from '../contract/params.ts';
import { curvesView, tableView } from '../datasets/pictures.ts';
import { seededRandom } from '../datasets/random.ts';
import { makeTones, TONE_SAMPLES as N, TONE_WAVES } from '../datasets/tones.ts';

const [HIDDEN, RATE] = [32, 8000]; // units; samples a second of the reader's recording
const accuracyChart = { chart: '测试准确率', better: 'higher', fraction: true } as const;

export default defineExample({
  title: '听音：波形还是频谱',
  summary: '同一批带噪声的录音、同样的网络，一个读波形，一个读频谱，看谁分得清四个音。',
  techniques: ['speech', 'data', 'classification'],
  params: {
    noise: number('噪声标准差', 2, [0, 6], 0.5),
    anyPhase: { kind: 'toggle', label: '录音从波的任意位置开始', default: true },
    count: number('训练录音', 400, [40, 2000], 40),
    steps: number('步数', 150, [20, 400], 10),
  },
  metrics: {
    waveformAccuracy: { label: '读波形', ...accuracyChart },
    spectrumAccuracy: { label: '读频谱', ...accuracyChart },
  },
  presets: {
    aligned: { label: '都从波的起点开始', params: { anyPhase: false } },
    many: { label: '2000 段录音', params: { count: 2000 } },
    loud: { label: '噪声 5', params: { noise: 5 } },
  },
  // #region data
  data({ seed, params }) {
    // Size of each frequency in a recording: a Fourier transform as two products.
    const time = tf.range(0, N).reshape([N, 1]);
    const angle = time.mul(tf.range(1, N / 2)).mul((2 * Math.PI) / N);
    const spectrum = (x: tf.Tensor) => {
      const [real, imaginary] = [x.matMul(angle.cos()), x.matMul(angle.sin())];
      return real.square().add(imaginary.square()).sqrt().div(Math.sqrt(N));
    };
    const tones = (from: number, count: number) => {
      const { waves, labels } = makeTones(from, count, params.noise, params.anyPhase);
      const x = tf.tensor2d(waves, [count, N]);
      const y = tf.oneHot(labels, TONE_WAVES.length);
      return { waves, x, sizes: spectrum(x), labels: tf.tensor1d(labels), y };
    };
    return { train: tones(2 * seed, params.count), test: tones(2 * seed + 1, 400), spectrum };
  },
  // #endregion
  // #region model
  model(run) {
    const random = seededRandom(run.seed);
    const weights = (m: number, n: number) =>
      tf.variable(tf.tensor2d(random.normals(m * n, Math.sqrt(2 / m)), [m, n]));
    const mlp = (inputs: number) => {
      const [W1, W2] = [weights(inputs, HIDDEN), weights(HIDDEN, TONE_WAVES.length)];
      const b = tf.variable(tf.zeros([HIDDEN]));
      return (x: tf.Tensor) => x.matMul(W1).add(b).relu().matMul(W2);
    };
    const adam = run.own(tf.train.adam(0.005));
    return { wave: mlp(N), spectrum: mlp(N / 2 - 1), adam };
  },
  // #endregion
  length: ({ params }) => params.steps,
  // #region train
  async *train({ params, done }, { train, test }, { wave, spectrum, adam }) {
    const loss = (z: tf.Tensor): tf.Scalar => tf.losses.softmaxCrossEntropy(train.y, z);
    const accuracy = (z: tf.Tensor): tf.Scalar => z.argMax(1).equal(test.labels).mean();
    for (let step = done; step < params.steps; step++) {
      adam.minimize(() => loss(wave(train.x)).add(loss(spectrum(train.sizes))));
      yield {
        metrics: {
          waveformAccuracy: accuracy(wave(test.x)),
          spectrumAccuracy: accuracy(spectrum(test.sizes)),
        },
        views: async () => draw(test.waves, await test.sizes.slice(0, 4).data()),
      };
    }
  },
  // #endregion
  probe: {
    input: { kind: 'sound', label: '哼或吹一个音，一秒', seconds: 1, rate: RATE },
    async infer(_run, { spectrum: sizes }, { wave, spectrum }, input) {
      if (input.kind !== 'sound') throw new InputError('这里只收声音。');
      const heard = tf.tensor1d(Array.from(input.samples)); // [8000]
      const frames = tf.signal.frame(heard, N, N / 2); // [124, 128]
      const loudest = frames.square().sum(1).argMax();
      const x = frames.gather(loudest.reshape([1]).toInt()); // [1, 128]
      const level = x.div(x.square().mean().mul(2).sqrt()); // amplitude 1, as in training
      const sound = (await sizes(frames).array()) as number[][];
      const [byWave, bySpectrum, best] = await Promise.all([
        wave(level).softmax().data(),
        spectrum(sizes(level)).softmax().data(),
        sizes(level).argMax(1).data(),
      ]);
      const rows = TONE_WAVES.map((waves, k) =>
        [(waves * RATE) / N, byWave[k]!, bySpectrum[k]!].map((v) => Number(v.toFixed(3))),
      );
      const hertz = ((best[0]! + 1) * RATE) / N;
      const title = `最响的一段在 ${hertz.toFixed(0)} 赫兹附近；没有“都不是”这个选项`;
      const whole = { seconds: input.samples.length / RATE, hertz: RATE / 2 - RATE / N };
      const frequencies = sound.map((row) => [0, ...row]); // the spectrum leaves 0 hertz out
      return [
        tableView(title, ['音（赫兹）', '读波形的概率', '读频谱的概率'], rows),
        { kind: 'spectrogram', title: '你的声音：频率随时间', ...whole, frames: frequencies },
      ];
    },
  },
  check: {
    steps: 150,
    expect: { spectrumAccuracy: { atLeast: 0.9 }, waveformAccuracy: { atMost: 0.6 } },
  },
});

function draw(wave: ArrayLike<number>, sizes: ArrayLike<number>) {
  const names = TONE_WAVES.map((waves) => `${waves} 个波`);
  const [time, frequency] = ['采样点', '录音里有几个波'];
  return [
    curvesView('一段录音的波形：埋在噪声里', time, names.slice(0, 1), wave, [0, N]),
    curvesView('四段录音的频谱：各有一个尖', frequency, names, sizes, [1, N / 2 - 1]),
  ];
}
