/** What a reader puts into a trained model, in its browser: points, sounds and pictures, and what is refused. */
import { expect, test, type Page } from '@playwright/test';
import { Live, watch } from './live.ts';

/** A WAV file of one channel, 16 bits: `seconds` of a sine of `hertz`. */
function wav(hertz: number, seconds: number, rate = 16000, loud = 0.5): Buffer {
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + 2 * count);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * count, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * count, 40);
  for (let at = 0; at < count; at++)
    bytes.writeInt16LE(
      Math.round(32767 * loud * Math.sin((2 * Math.PI * hertz * at) / rate)),
      44 + 2 * at,
    );
  return bytes;
}

async function trained(page: Page, id: string): Promise<Live> {
  const live = await Live.open(page, id, '?backend=wasm');
  await live.press('run');
  await live.is('ended', 60_000);
  return live;
}

test('a sound file is heard: its strongest frequency is named and drawn over time', async ({
  page,
}) => {
  const { problems } = watch(page);
  const live = await trained(page, 'spectrum-speech');
  const probe = live.part('probe');
  const submit = probe.locator('button[type="submit"]');
  await submit.click();
  await expect(probe.getByRole('alert')).toContainText('请先录一段');
  const file = probe.locator('input[type="file"]');
  const audio = (name: string, buffer: Buffer) => ({ name, mimeType: 'audio/wav', buffer });
  await file.setInputFiles(audio('not-a-sound.wav', Buffer.from('hello')));
  await expect(probe).toContainText('not-a-sound.wav 解不成声音');
  await file.setInputFiles(audio('silence.wav', wav(440, 1, 16000, 0)));
  await expect(probe).toContainText('几乎没有声音');
  await file.setInputFiles(audio('tone.wav', wav(687.5, 1.5)));
  await expect(probe).toContainText('tone.wav，1.5 秒');
  await submit.click();
  await expect(probe.getByRole('alert')).toBeHidden();
  await expect(probe.locator('.view-spectrogram .view-picture')).toBeVisible();
  await expect(probe.locator('table').first()).toContainText('687.5');
  await expect(probe).toContainText('688 赫兹附近');
  expect(problems).toEqual([]);
});

test('a sound is recorded from a microphone, and a refusal says what else can be done', async ({
  page,
}) => {
  // The microphone of this page is an oscillator of 437.5 hertz; the recorder is the browser's own.
  await page.addInitScript(() => {
    const listen = async (): Promise<MediaStream> => {
      if (sessionStorage.getItem('deny'))
        throw new DOMException('Permission denied', 'NotAllowedError');
      const context = new AudioContext();
      await context.resume();
      const tone = new OscillatorNode(context, { frequency: 437.5 });
      const out = new MediaStreamAudioDestinationNode(context);
      tone.connect(out);
      tone.start();
      return out.stream;
    };
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: listen });
  });
  const live = await trained(page, 'spectrum-speech');
  const probe = live.part('probe');
  const record = probe.getByRole('button', { name: '录 1 秒' });
  await page.evaluate(() => sessionStorage.setItem('deny', 'yes'));
  await record.click();
  await expect(probe).toContainText('麦克风没有得到允许');
  await page.evaluate(() => sessionStorage.removeItem('deny'));
  await record.click();
  await expect(probe).toContainText('你的录音，', { timeout: 10_000 });
  await probe.locator('button[type="submit"]').click();
  await expect(probe).toContainText(/4[34]\d 赫兹附近/);
});

test('points are set by pointer and by keyboard, moved, deleted, and asked about', async ({
  page,
}) => {
  const { problems } = watch(page);
  const live = await trained(page, 'two-moons');
  const probe = live.part('probe');
  const field = probe.locator('svg[role="application"]');
  const submit = probe.locator('button[type="submit"]');
  await submit.click();
  await expect(probe.getByRole('alert')).toContainText('请至少放 1 个点');
  await field.scrollIntoViewIfNeeded();
  const box = (await field.boundingBox())!;
  const at = (x: number, y: number) => ({ x: box.width * x, y: box.height * y });
  await field.click({ position: at(0.4, 0.3) });
  await expect(probe).toContainText('1 个点');
  await field.click({ position: at(0.7, 0.6) });
  await expect(probe).toContainText('2 个点');
  await field.click({ position: at(0.4, 0.3) });
  await expect(probe).toContainText('1 个点');
  await field.focus();
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', 'Space']) await page.keyboard.press(key);
  await expect(probe).toContainText('2 个点');
  await submit.click();
  await expect(probe.locator('.view-points .view-picture')).toBeVisible();
  await expect(probe.locator('.view-table tbody tr')).toHaveCount(2);
  await page.keyboard.press('Tab');
  await field.focus();
  await page.keyboard.press('Space');
  await expect(probe).toContainText('1 个点');
  expect(problems).toEqual([]);
});

test('a picture file is shown as the model sees it and read; what is no picture is refused', async ({
  page,
}) => {
  const { problems } = watch(page);
  const live = await trained(page, 'conv-feature-maps');
  const probe = live.part('probe');
  const submit = probe.locator('button[type="submit"]');
  await submit.click();
  await expect(probe.getByRole('alert')).toContainText('请先选一张图片');
  const file = probe.locator('input[type="file"]');
  const words = Buffer.from('no picture');
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: words });
  await expect(probe).toContainText('notes.txt 打不开成图片');
  await file.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: words });
  await expect(probe).toContainText('broken.png 打不开成图片');
  // A dark 1 on grey paper, wider than it is high: the middle is kept.
  const one =
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">' +
    '<rect width="300" height="200" fill="#ddd"/><rect x="135" y="30" width="30" height="140"/></svg>';
  const drawn = Buffer.from(
    await page.evaluate(async (svg) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [300, 200];
      canvas.getContext('2d')!.drawImage(image, 0, 0);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    }, one),
    'base64',
  );
  await file.setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: drawn });
  await expect(probe).toContainText('one.png，原来 300×200');
  await expect(probe.locator('canvas.seen')).toBeVisible();
  await submit.click();
  await expect(probe.getByRole('alert')).toBeHidden();
  await expect(probe.locator('.view-images .view-picture').first()).toBeVisible();
  await expect(probe.locator('table').first()).toContainText(/[0-9]/);
  expect(problems).toEqual([]);
});
