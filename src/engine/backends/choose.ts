/** Decides which backend a run tries first, second, …, from what the machine has. Pure; starts nothing. */
import type { BackendName } from '../../contract/example.ts';
import type { BackendNotice, BackendReport, RunRequest } from '../../contract/protocol.ts';

export interface Choice {
  /** Backends to try in this order; never empty unless the example excludes all that are left. */
  readonly order: readonly BackendReport[];
  /** Backends that the reader wanted, or that would have come first, with the reason against them. */
  readonly notices: readonly BackendNotice[];
}

/**
 * `auto`: webgpu on a real adapter, else webgl on a real renderer, else wasm, else cpu. GPUs emulated on the
 * processor are several times slower than wasm, so they run only when the reader asks for them.
 * A backend asked for by name comes first; what follows it is the order of `auto`.
 */
export function chooseBackends(
  reports: readonly BackendReport[],
  request: Pick<RunRequest, 'backend' | 'avoid'>,
  excludes: Partial<Record<BackendName, string>> = {},
): Choice {
  const notices: BackendNotice[] = [];
  const usable = (report: BackendReport, wanted: boolean): boolean => {
    const reason = excludes[report.backend];
    const tell = wanted || report.backend === 'webgpu';
    if (!report.usable && report.problem !== '') {
      if (tell) notices.push({ backend: report.backend, problem: report.problem, detail: '' });
      return false;
    }
    if (reason !== undefined) {
      if (tell) notices.push({ backend: report.backend, problem: 'excluded', detail: reason });
      return false;
    }
    if (request.avoid?.includes(report.backend)) {
      notices.push({ backend: report.backend, problem: 'device-lost', detail: '' });
      return false;
    }
    return true;
  };
  const asked = reports.find((report) => report.backend === request.backend);
  const first = asked && usable(asked, true) ? [asked] : [];
  const rest = reports.filter(
    (report) => report !== asked && usable(report, false) && !report.software,
  );
  return { order: [...first, ...rest], notices };
}
