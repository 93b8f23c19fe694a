/** Asks the training worker which backends this machine has, once the table is in view, and writes them down. */
import type { BackendReport } from '../../contract/protocol.ts';
import { TrainingWorker } from '../../engine/client.ts';
import { isolate, type Isolation } from '../isolation.ts';

const PROBLEMS: Readonly<Record<BackendReport['problem'], string>> = {
  '': '',
  'no-webgpu': '这个浏览器没有 WebGPU',
  'no-adapter': '浏览器有 WebGPU，但没有给出显卡',
  'no-webgl': '后台线程里用不了 WebGL 2',
  'no-wasm': '这个浏览器没有 WebAssembly',
  'set-backend-failed': '启动失败',
  'wrong-results': '试算结果不对',
  'device-lost': '设备丢失',
  excluded: '',
};

const ONE_THREAD: Readonly<Record<Isolation, string>> = {
  isolated: '单线程：这台机器只报告了一个处理器核',
  'next-page': '这一页是单线程；从你打开的下一页起，可以用多线程',
  impossible: '单线程：这里没有多线程需要的跨源隔离',
};

class MachineReport extends HTMLElement {
  connectedCallback(): void {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      void this.#survey();
    });
    observer.observe(this);
  }

  async #survey(): Promise<void> {
    this.dataset['state'] = 'asking';
    const worker = new TrainingWorker();
    try {
      const reports = await worker.survey();
      const isolation = await isolate();
      for (const report of reports) this.#write(report, isolation);
      const usable = reports.filter((report) => report.usable && !report.software);
      const large = this.#label(usable[0]);
      const small = this.#label(usable.find((report) => report.backend === 'wasm') ?? usable[0]);
      this.querySelector('.summary')!.textContent =
        small === large
          ? `“自动”会先用 ${large}。`
          : `“自动”让小模型先用 ${small}，大模型先用 ${large}；量过速度之后，用快的那个。`;
      this.dataset['state'] = 'known';
    } catch {
      this.querySelector('.summary')!.textContent = '没能检查：后台线程启动不了。';
      this.dataset['state'] = 'failed';
    } finally {
      worker.terminate();
    }
  }

  #label(report: BackendReport | undefined): string {
    return this.querySelector(`[data-row="${report?.backend}"] th`)?.textContent ?? '';
  }

  #write(report: BackendReport, isolation: Isolation): void {
    const row = this.querySelector<HTMLElement>(`[data-row="${report.backend}"]`);
    if (!row) return;
    row.dataset['usable'] = String(report.usable);
    row.dataset['software'] = String(report.software);
    const verdict = report.usable ? (report.software ? '能用，软件模拟' : '能用') : '不能用';
    row.querySelector('.verdict')!.textContent = verdict;
    const threads = report.threads ?? 0;
    if (threads > 0) row.dataset['threads'] = String(threads);
    row.querySelector('.adapter')!.textContent =
      threads === 1 ? ONE_THREAD[isolation] : report.adapter || PROBLEMS[report.problem];
  }
}

customElements.define('machine-report', MachineReport);
