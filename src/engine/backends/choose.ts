/** Decides which backend a run tries first, second, …, from what the machine has and has measured. Pure; starts nothing. */
import type { BackendName } from '../../contract/example.ts';
import type { BackendNotice, BackendReport, RunRequest } from '../../contract/protocol.ts';

export interface Choice {
  /** Backends to try in this order; never empty unless the example excludes all that are left. */
  readonly order: readonly BackendReport[];
  /** Backends that the reader wanted, or that would have come first, with the reason against them. */
  readonly notices: readonly BackendNotice[];
}

/**
 * A step that took less than this on wasm, in ms, is a small model's: on a GPU its time is that of handing over one
 * small operation after the other, a few milliseconds a step however fast the GPU is.
 */
export const SMALL_STEP_MS = 5;

const LARGE_FIRST: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];
const SMALL_FIRST: readonly BackendName[] = ['wasm', 'webgpu', 'webgl', 'cpu'];

/**
 * A backend asked for by name comes first; what follows it is the order of `auto`.
 *
 * `auto` without measurements: for a small model wasm, webgpu, webgl, cpu; for a large or unknown one webgpu, webgl,
 * wasm, cpu. GPUs emulated on the processor are left out: several times slower than wasm, they run only when the
 * reader asks for them or when they were measured to be faster.
 *
 * Measured backends come before the others, fastest first, but the one that the rule prefers is tried once before it is
 * judged. A measurement taken on another adapter does not count.
 */
export function chooseBackends(
  reports: readonly BackendReport[],
  request: Pick<RunRequest, 'backend' | 'avoid' | 'measured' | 'stepMs'>,
  excludes: Partial<Record<BackendName, string>> = {},
): Choice {
  const small = request.stepMs !== undefined && request.stepMs < SMALL_STEP_MS;
  const rule = small ? SMALL_FIRST : LARGE_FIRST;
  const speed = ({ backend, adapter }: BackendReport): number => {
    const measured = request.measured?.[backend];
    return measured?.adapter === adapter ? measured.stepsPerSecond : 0;
  };

  const notices: BackendNotice[] = [];
  const usable = (report: BackendReport, wanted: boolean): boolean => {
    const { backend } = report;
    const reason = excludes[backend];
    const tell = wanted || (backend === 'webgpu' && !small);
    if (!report.usable && report.problem !== '') {
      if (tell) notices.push({ backend, problem: report.problem, detail: '' });
      return false;
    }
    if (reason !== undefined) {
      if (tell) notices.push({ backend, problem: 'excluded', detail: reason });
      return false;
    }
    if (request.avoid?.includes(backend)) {
      notices.push({ backend, problem: 'device-lost', detail: '' });
      return false;
    }
    return true;
  };

  const asked = reports.find((report) => report.backend === request.backend);
  const first = asked && usable(asked, true) ? [asked] : [];
  const rest = reports
    .filter((report) => report !== asked && usable(report, false))
    .filter((report) => !report.software || speed(report) > 0)
    .sort((a, b) => rule.indexOf(a.backend) - rule.indexOf(b.backend));
  const favourite = rest.find((report) => !report.software);
  const rank = (report: BackendReport): number =>
    report === favourite && speed(report) === 0 ? Infinity : speed(report);
  // A stable sort: what was not measured keeps the order of the rule.
  return { order: [...first, ...rest.sort((a, b) => rank(b) - rank(a) || 0)], notices };
}
