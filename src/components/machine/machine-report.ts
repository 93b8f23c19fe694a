/** Asks the training worker which backends this machine has, once the table is in view, and writes them down. */
import type { BackendReport } from '../../contract/protocol.ts';
import { TrainingWorker } from '../../engine/client.ts';

const PROBLEMS: Readonly<Record<BackendReport['problem'], string>> = {
  '': '',
  'no-webgpu': '这个浏览器没有 WebGPU',
  'no-adapter': '浏览器有 WebGPU，但没有给出显卡',
  'no-webgl': '后台线程里用不了 WebGL 2',
  'no-wasm': '这个浏览器没有 WebAssembly',
  'set-backend-failed': '启动失败',
  'device-lost': '设备丢失',
  excluded: '',
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
      for (const report of reports) this.#write(report);
      const first = reports.find((report) => report.usable && !report.software);
      const name = this.querySelector(`[data-row="${first?.backend}"] th`)?.textContent ?? '';
      this.querySelector('.summary')!.textContent = `“自动”会先用 ${name}。`;
      this.dataset['state'] = 'known';
    } catch {
      this.querySelector('.summary')!.textContent = '没能检查：后台线程启动不了。';
      this.dataset['state'] = 'failed';
    } finally {
      worker.terminate();
    }
  }

  #write(report: BackendReport): void {
    const row = this.querySelector<HTMLElement>(`[data-row="${report.backend}"]`);
    if (!row) return;
    row.dataset['usable'] = String(report.usable);
    row.dataset['software'] = String(report.software);
    const verdict = report.usable ? (report.software ? '能用，软件模拟' : '能用') : '不能用';
    row.querySelector('.verdict')!.textContent = verdict;
    row.querySelector('.adapter')!.textContent = report.adapter || PROBLEMS[report.problem];
  }
}

customElements.define('machine-report', MachineReport);
