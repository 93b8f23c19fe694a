/**
 * `<frame-player>`: steps through the frames of a view that `drawFrames` has laid on the page: buttons, a slider, the
 * arrow keys. Which frame is shown stands in `data-step`, from 1; setting it moves there. Knows no calculator.
 */
import type { FramesView } from '../../contract/view.ts';
import type * as Frames from './frames.ts';

/** Milliseconds that a frame stays when playing. */
const STAY = 1400;
/** Narrower than this, the picture that came with the page is laid out anew, so that its numbers stay readable. */
const PHONE = 440;

class FramePlayer extends HTMLElement {
  static readonly observedAttributes = ['data-step'];
  #captions: readonly string[] = [];
  /** What draws the frames; fetched when a reader is about to move. */
  #drawing: Promise<typeof Frames> | undefined;
  #view: FramesView | undefined;
  #widths: ResizeObserver | undefined;
  #width = 0;
  #drawn = { step: 1, width: 0 };
  #playing: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    if (this.#captions.length === 0) {
      this.#captions = [...this.querySelectorAll('ol > li')].map((item) => item.textContent);
      this.addEventListener('click', (event) => this.#clicked(event));
      this.addEventListener('keydown', (event) => this.#pressed(event));
      // A slider inside a form of numbers is none of them.
      for (const type of ['input', 'change']) {
        this.addEventListener(type, (event) => {
          event.stopPropagation();
          this.#slid();
        });
      }
      for (const sign of ['focusin', 'pointerover']) {
        this.addEventListener(sign, () => void this.#load(), { once: true });
      }
    }
    this.#widths = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      if (width < PHONE || this.#view !== undefined) void this.#draw();
    });
    this.#widths.observe(this);
    this.#width = this.clientWidth;
    if (this.#width < PHONE) void this.#draw();
    this.#show();
  }

  disconnectedCallback(): void {
    this.#widths?.disconnect();
    this.#stop();
  }

  attributeChangedCallback(): void {
    if (this.isConnected && this.#captions.length > 0) this.#show();
  }

  get #count(): number {
    return this.#captions.length;
  }

  get #step(): number {
    const asked = Math.round(Number(this.dataset['step']));
    return Math.max(1, Math.min(this.#count, Number.isFinite(asked) ? asked : 1));
  }

  #go(step: number): void {
    const next = Math.max(1, Math.min(this.#count, step));
    if (next !== this.#step) this.dataset['step'] = String(next);
  }

  async #load(): Promise<typeof Frames | undefined> {
    this.#drawing ??= import('./frames.ts');
    try {
      return await this.#drawing;
    } catch (error) {
      this.#drawing = undefined;
      console.error(error);
      return undefined;
    }
  }

  async #draw(): Promise<void> {
    const drawing = await this.#load();
    const picture = this.querySelector('[data-part="picture"]');
    if (drawing === undefined || picture === null) return;
    const [step, width] = [this.#step, this.#width];
    if (step === this.#drawn.step && width === this.#drawn.width) return;
    this.#drawn = { step, width };
    this.#view ??= drawing.unpackFrames(this.dataset['frames'] ?? '', this.#captions);
    picture.innerHTML = drawing.drawFrame(this.#view, step - 1, width > 0 ? { width } : {});
  }

  #show(): void {
    const [step, count] = [this.#step, this.#count];
    if (step !== this.#drawn.step) void this.#draw();
    const caption = this.querySelector('.view-step');
    const words = this.#captions[step - 1] ?? '';
    if (caption && caption.textContent !== words) caption.textContent = words;
    const output = this.querySelector('output');
    if (output) output.textContent = `${step} / ${count}`;
    const slider = this.#slider;
    if (slider) {
      slider.value = String(step);
      slider.setAttribute('aria-valuetext', `第 ${step} 步，共 ${count} 步`);
    }
    this.#button('back')?.setAttribute('aria-disabled', String(step === 1));
    this.#button('next')?.setAttribute('aria-disabled', String(step === count));
  }

  get #slider(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>('input[type="range"]');
  }

  #button(go: string): HTMLButtonElement | null {
    return this.querySelector<HTMLButtonElement>(`[data-go="${go}"]`);
  }

  #slid(): void {
    this.#stop();
    this.#go(Number(this.#slider?.value));
  }

  #clicked(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const go = button?.dataset['go'];
    if (go === 'play') {
      if (this.#playing === undefined) this.#play();
      else this.#stop();
    } else if (go !== undefined) {
      this.#stop();
      this.#go(this.#step + (go === 'next' ? 1 : -1));
    }
  }

  #pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === this.#slider) return;
    const to = {
      ArrowLeft: this.#step - 1,
      ArrowRight: this.#step + 1,
      Home: 1,
      End: this.#count,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#stop();
    this.#go(to);
  }

  #play(): void {
    if (this.#step === this.#count) this.#go(1);
    this.#playing = setInterval(() => {
      if (document.hidden) return;
      this.#go(this.#step + 1);
      if (this.#step === this.#count) this.#stop();
    }, STAY);
    this.#playingIs(true);
  }

  #stop(): void {
    if (this.#playing === undefined) return;
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.#playingIs(false);
  }

  /** Played frames are not spoken one after another. */
  #playingIs(playing: boolean): void {
    const button = this.#button('play');
    if (button) button.textContent = playing ? '暂停' : '播放';
    this.querySelector('.view-step')?.setAttribute('aria-live', playing ? 'off' : 'polite');
  }
}

if (!customElements.get('frame-player')) customElements.define('frame-player', FramePlayer);
