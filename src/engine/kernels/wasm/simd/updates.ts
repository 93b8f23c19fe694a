/** AssemblyScript: an optimizer's update of one variable, in place, one pass. Formulas: fused/contracts.ts. */
import { Lanes } from './lanes';
import { shareStart } from './range';

const GRAIN: i32 = 1024;

class Step {
  @inline
  static sgd(w: usize, g: usize, i: i32, rate: v128, whole: bool): void {
    const at = (<usize>i) << 2;
    Lanes.put(
      w + at,
      f32x4.sub(Lanes.get(w + at, whole), f32x4.mul(rate, Lanes.get(g + at, whole))),
      whole,
    );
  }

  @inline
  static momentum(
    w: usize,
    g: usize,
    a: usize,
    i: i32,
    rate: v128,
    mu: v128,
    nesterov: bool,
    whole: bool,
  ): void {
    const at = (<usize>i) << 2;
    const slope = Lanes.get(g + at, whole);
    const sum = f32x4.add(f32x4.mul(mu, Lanes.get(a + at, whole)), slope);
    const step = nesterov ? f32x4.add(slope, f32x4.mul(sum, mu)) : sum;
    Lanes.put(a + at, sum, whole);
    Lanes.put(w + at, f32x4.sub(Lanes.get(w + at, whole), f32x4.mul(rate, step)), whole);
  }

  @inline
  static adagrad(
    w: usize,
    g: usize,
    a: usize,
    i: i32,
    rate: v128,
    epsilon: v128,
    whole: bool,
  ): void {
    const at = (<usize>i) << 2;
    const slope = Lanes.get(g + at, whole);
    const sum = f32x4.add(Lanes.get(a + at, whole), f32x4.mul(slope, slope));
    const step = f32x4.div(f32x4.mul(rate, slope), f32x4.sqrt(f32x4.add(sum, epsilon)));
    Lanes.put(a + at, sum, whole);
    Lanes.put(w + at, f32x4.sub(Lanes.get(w + at, whole), step), whole);
  }

  @inline
  static rmsprop(
    w: usize,
    g: usize,
    s: usize,
    m: usize,
    a: usize,
    i: i32,
    rate: v128,
    rho: v128,
    fresh: v128,
    mu: v128,
    epsilon: v128,
    centered: bool,
    whole: bool,
  ): void {
    const at = (<usize>i) << 2;
    const slope = Lanes.get(g + at, whole);
    const square = f32x4.add(
      f32x4.mul(rho, Lanes.get(s + at, whole)),
      f32x4.mul(fresh, f32x4.mul(slope, slope)),
    );
    let radicand: v128;
    if (centered) {
      const mean = f32x4.add(f32x4.mul(rho, Lanes.get(a + at, whole)), f32x4.mul(fresh, slope));
      Lanes.put(a + at, mean, whole);
      radicand = f32x4.sub(square, f32x4.add(f32x4.mul(mean, mean), epsilon));
    } else {
      radicand = f32x4.add(square, epsilon);
    }
    const step = f32x4.div(f32x4.mul(rate, slope), f32x4.sqrt(radicand));
    const moment = f32x4.add(f32x4.mul(mu, Lanes.get(m + at, whole)), step);
    Lanes.put(s + at, square, whole);
    Lanes.put(m + at, moment, whole);
    Lanes.put(w + at, f32x4.sub(Lanes.get(w + at, whole), moment), whole);
  }

  @inline
  static adam(
    w: usize,
    g: usize,
    m: usize,
    v: usize,
    i: i32,
    beta1: v128,
    fresh1: v128,
    beta2: v128,
    fresh2: v128,
    rate: v128,
    unbias2: v128,
    epsilon: v128,
    whole: bool,
  ): void {
    const at = (<usize>i) << 2;
    const slope = Lanes.get(g + at, whole);
    const first = f32x4.add(f32x4.mul(beta1, Lanes.get(m + at, whole)), f32x4.mul(fresh1, slope));
    const second = f32x4.add(
      f32x4.mul(beta2, Lanes.get(v + at, whole)),
      f32x4.mul(fresh2, f32x4.mul(slope, slope)),
    );
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, unbias2)), epsilon);
    Lanes.put(m + at, first, whole);
    Lanes.put(v + at, second, whole);
    Lanes.put(
      w + at,
      f32x4.sub(Lanes.get(w + at, whole), f32x4.div(f32x4.mul(rate, first), root)),
      whole,
    );
  }
}

export function sgdUpdate(w: usize, g: usize, n: i32, rate: f32, part: i32, parts: i32): void {
  const end = shareStart(n, part + 1, parts, GRAIN);
  const rates = f32x4.splat(rate);
  let i = shareStart(n, part, parts, GRAIN);
  for (; i + 4 <= end; i += 4) Step.sgd(w, g, i, rates, true);
  for (; i < end; i++) Step.sgd(w, g, i, rates, false);
}

export function momentumUpdate(
  w: usize,
  g: usize,
  a: usize,
  n: i32,
  rate: f32,
  mu: f32,
  nesterov: i32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(n, part + 1, parts, GRAIN);
  const rates = f32x4.splat(rate);
  const mus = f32x4.splat(mu);
  let i = shareStart(n, part, parts, GRAIN);
  if (nesterov) {
    for (; i + 4 <= end; i += 4) Step.momentum(w, g, a, i, rates, mus, true, true);
    for (; i < end; i++) Step.momentum(w, g, a, i, rates, mus, true, false);
  } else {
    for (; i + 4 <= end; i += 4) Step.momentum(w, g, a, i, rates, mus, false, true);
    for (; i < end; i++) Step.momentum(w, g, a, i, rates, mus, false, false);
  }
}

export function adagradUpdate(
  w: usize,
  g: usize,
  a: usize,
  n: i32,
  rate: f32,
  epsilon: f32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(n, part + 1, parts, GRAIN);
  const rates = f32x4.splat(rate);
  const epsilons = f32x4.splat(epsilon);
  let i = shareStart(n, part, parts, GRAIN);
  for (; i + 4 <= end; i += 4) Step.adagrad(w, g, a, i, rates, epsilons, true);
  for (; i < end; i++) Step.adagrad(w, g, a, i, rates, epsilons, false);
}

/** `a` is 0 where the update is not centered. */
export function rmspropUpdate(
  w: usize,
  g: usize,
  s: usize,
  m: usize,
  a: usize,
  n: i32,
  rate: f32,
  rho: f32,
  fresh: f32,
  mu: f32,
  epsilon: f32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(n, part + 1, parts, GRAIN);
  const rates = f32x4.splat(rate);
  const rhos = f32x4.splat(rho);
  const news = f32x4.splat(fresh);
  const mus = f32x4.splat(mu);
  const eps = f32x4.splat(epsilon);
  let i = shareStart(n, part, parts, GRAIN);
  if (a != 0) {
    for (; i + 4 <= end; i += 4) {
      Step.rmsprop(w, g, s, m, a, i, rates, rhos, news, mus, eps, true, true);
    }
    for (; i < end; i++) Step.rmsprop(w, g, s, m, a, i, rates, rhos, news, mus, eps, true, false);
  } else {
    for (; i + 4 <= end; i += 4) {
      Step.rmsprop(w, g, s, m, a, i, rates, rhos, news, mus, eps, false, true);
    }
    for (; i < end; i++) Step.rmsprop(w, g, s, m, a, i, rates, rhos, news, mus, eps, false, false);
  }
}

/** `rate` is η / correction1, `unbias2` 1 / correction2, `fresh` 1 − β. */
export function adamUpdate(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: i32,
  beta1: f32,
  fresh1: f32,
  beta2: f32,
  fresh2: f32,
  rate: f32,
  unbias2: f32,
  epsilon: f32,
  part: i32,
  parts: i32,
): void {
  const end = shareStart(n, part + 1, parts, GRAIN);
  const b1 = f32x4.splat(beta1);
  const f1 = f32x4.splat(fresh1);
  const b2 = f32x4.splat(beta2);
  const f2 = f32x4.splat(fresh2);
  const r = f32x4.splat(rate);
  const u = f32x4.splat(unbias2);
  const e = f32x4.splat(epsilon);
  let i = shareStart(n, part, parts, GRAIN);
  for (; i + 4 <= end; i += 4) Step.adam(w, g, m, v, i, b1, f1, b2, f2, r, u, e, true);
  for (; i < end; i++) Step.adam(w, g, m, v, i, b1, f1, b2, f2, r, u, e, false);
}
