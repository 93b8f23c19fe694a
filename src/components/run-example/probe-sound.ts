/** Records from the microphone, or takes a sound file. The sound stays in the page. Knows no model. */
import type { InputSpec } from '../../contract/example.ts';
import { zh } from '../../i18n/zh.ts';
import { announcement, element, fileInput, quietButton, tooLarge } from './probe-parts.ts';
import type { Field } from './probe.ts';

/** A sound whose strongest sample is weaker is silence. */
const QUIETEST = 1e-3;

/**
 * The loudest stretch of `count` samples; a shorter sound is followed by silence.
 * @returns undefined when the sound is silent or shorter than a tenth of what is wanted.
 */
export function loudest(samples: Float32Array, count: number): Float32Array | undefined {
  if (samples.length < count / 10) return undefined;
  const stride = Math.max(1, Math.floor(count / 8));
  let [best, strongest] = [0, -1];
  for (let from = 0; from === 0 || from + count <= samples.length; from += stride) {
    let energy = 0;
    for (let at = from; at < Math.min(samples.length, from + count); at++)
      energy += (samples[at] ?? 0) ** 2;
    if (energy > strongest) [best, strongest] = [from, energy];
  }
  const found = new Float32Array(count);
  found.set(samples.subarray(best, best + count));
  return found.some((sample) => Math.abs(sample) > QUIETEST) ? found : undefined;
}

/** One channel of an encoded sound at `rate` samples a second. @throws when the browser cannot decode it. */
async function decode(bytes: ArrayBuffer, rate: number): Promise<Float32Array> {
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
  const length = Math.max(1, Math.round(decoded.duration * rate));
  const offline = new OfflineAudioContext(1, length, rate);
  const source = offline.createBufferSource();
  source.buffer = decoded;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

/** A button that records for some seconds, and a file input. */
export function soundField(spec: Extract<InputSpec, { kind: 'sound' }>): Field {
  const { seconds, rate } = spec;
  let samples: number[] | undefined;
  let problem: string = zh.soundMissing;

  const node = element('div', 'param drop');
  const words = element('span', 'label', spec.label);
  const record = quietButton(zh.soundRecord(seconds));
  const { label, input } = fileInput(zh.soundFile, 'audio/*');
  const told = announcement();
  told.textContent = zh.soundHelp;
  node.append(words, record, label, told);

  const refuse = (sentence: string): void => {
    samples = undefined;
    problem = sentence;
    told.textContent = sentence;
  };
  async function take(bytes: ArrayBuffer, name: string): Promise<void> {
    let sound: Float32Array;
    try {
      sound = await decode(bytes, rate);
    } catch {
      return refuse(zh.soundKind(name));
    }
    const found = loudest(sound, Math.round(seconds * rate));
    if (!found) return refuse(zh.soundSilent(name, seconds));
    samples = [...found];
    told.textContent = zh.soundTaken(name, sound.length / rate);
  }
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (!file) return;
    const large = tooLarge(file);
    if (large !== undefined) return refuse(large);
    void file.arrayBuffer().then((bytes) => take(bytes, file.name));
  });

  async function listen(): Promise<void> {
    // absent where the page is not served over https or from this machine
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices?.getUserMedia || !('MediaRecorder' in window)) return refuse(zh.soundInsecure);
    let stream: MediaStream;
    try {
      stream = await devices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      const denied = error instanceof DOMException && error.name === 'NotAllowedError';
      return refuse(denied ? zh.soundDenied : zh.soundNoDevice);
    }
    try {
      const recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
      const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
      recorder.start();
      told.textContent = zh.soundListening;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 300));
      recorder.stop();
      await ended;
      await take(await new Blob(parts).arrayBuffer(), zh.soundOwn);
    } catch {
      refuse(zh.soundNoDevice);
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  }
  record.addEventListener('click', () => {
    record.disabled = true;
    void listen().finally(() => {
      record.disabled = false;
    });
  });
  return { node, read: () => (samples ? { kind: 'sound', samples } : { problem }) };
}
