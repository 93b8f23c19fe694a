/**
 * The front page's network: trains two moons when it comes into view, pauses when it leaves or the tab hides. Does not
 * start by itself under reduced motion or with data saving on.
 */
import type { RunEvent } from '../../contract/protocol.ts';
import { TrainingWorker } from '../../engine/client.ts';
import { sparing } from '../sparing.ts';

const EXAMPLE = 'two-moons';
const DATASETS_SEED = 1;

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches || sparing();

class LiveHero extends HTMLElement {
  readonly #training = new TrainingWorker();
  #seed = DATASETS_SEED;
  #steps = 0;
  #where = '';
  #picture!: HTMLElement;
  #words!: HTMLElement;
  #toggle!: HTMLButtonElement;
  #again!: HTMLButtonElement;
  /** Paused by scrolling away or hiding the tab, not by the reader. */
  #away = false;

  connectedCallback(): void {
    this.#picture = this.querySelector('.picture') as HTMLElement;
    this.#words = this.querySelector('.words') as HTMLElement;
    this.#toggle = this.querySelector('.toggle') as HTMLButtonElement;
    this.#again = this.querySelector('.again') as HTMLButtonElement;
    (this.querySelector('.buttons') as HTMLElement).hidden = false;
    this.#toggle.addEventListener('click', () => this.#press());
    this.#again.addEventListener('click', () => {
      this.#seed++;
      void this.#train();
    });
    new IntersectionObserver(([entry]) => this.#see(entry?.isIntersecting === true)).observe(this);
    document.addEventListener('visibilitychange', () => this.#see(!document.hidden));
    addEventListener('pagehide', () => this.#training.terminate());
  }

  get #state(): string {
    return this.dataset['state'] ?? 'idle';
  }

  #see(visible: boolean): void {
    if (visible && this.#state === 'idle' && !calm()) void this.#train();
    else if (visible && this.#away) this.#training.resume();
    else if (!visible && this.#state === 'running') {
      this.#away = true;
      this.#training.pause();
    }
  }

  #press(): void {
    this.#away = false;
    if (this.#state === 'running') this.#training.pause();
    else if (this.#state === 'paused') this.#training.resume();
    else void this.#train();
  }

  #show(state: string, words?: string): void {
    this.dataset['state'] = state;
    if (words !== undefined) this.#words.textContent = words;
    this.#toggle.textContent =
      { running: '暂停', starting: '准备中', paused: '继续' }[state] ?? '再训练一次';
    this.#toggle.disabled = state === 'starting';
    this.#again.hidden = state !== 'ended';
  }

  async #train(): Promise<void> {
    this.#show('starting', '正在准备：这个网络要在你的浏览器里训练……');
    const { drawView } = await import('../views/draw.ts');
    const stepMs = Number(this.dataset['stepMs']);
    const request = {
      ...{ example: EXAMPLE, params: {}, seed: this.#seed, backend: 'auto' as const },
      ...(stepMs > 0 ? { stepMs } : {}),
    };
    for await (const event of this.#training.run(request)) {
      if (event.type === 'steps') {
        const picture = event.views?.find((view) => view.kind === 'points');
        if (picture)
          this.#picture.innerHTML = drawView(picture, {
            width: this.clientWidth < 480 ? 360 : 560,
          });
      }
      this.#tell(event);
    }
  }

  #tell(event: RunEvent): void {
    switch (event.type) {
      case 'backend-ready':
        this.#where = event.backend;
        this.dataset['backend'] = event.backend;
        return;
      case 'data-ready':
        this.#steps = event.steps;
        return;
      case 'steps': {
        const last = event.first + event.steps.length - 1;
        const accuracy = event.steps.at(-1)?.['accuracy'];
        this.dataset['step'] = String(last);
        const right = accuracy === undefined ? '' : `，分对 ${(100 * accuracy).toFixed(1)}%`;
        this.#show(
          this.#state === 'paused' ? 'paused' : 'running',
          `正在你的浏览器里训练（${this.#where}）：第 ${last} / ${this.#steps} 步${right}`,
        );
        return;
      }
      case 'paused':
        this.#show('paused');
        return;
      case 'resumed':
        this.#away = false;
        this.#show('running');
        return;
      case 'run-end': {
        const words = `刚才这 ${event.steps} 步，是你的浏览器训练的：${(event.ms / 1000).toFixed(1)} 秒（${this.#where}）。`;
        this.#show('ended', words);
        return;
      }
      case 'run-error':
        this.#show(
          'failed',
          '这台机器上没能训练起来。图里是录下的一次；“怎样用这本书”里可以自测。',
        );
        return;
      case 'restarted':
      case 'checkpoint-kept':
      case 'checkpoint-refused':
      case 'phase':
    }
  }
}

customElements.define('live-hero', LiveHero);
