/** AssemblyScript: loops that take four numbers at a time and the last few one by one; exp and log without tables. */

/** Inlined where they are called: a decorator is allowed on a method only. */
export class Lanes {
  /** Four numbers, or with `whole` false one number and three zeros. */
  @inline
  static get(address: usize, whole: bool): v128 {
    return whole ? v128.load(address) : v128.load32_zero(address);
  }

  @inline
  static put(address: usize, value: v128, whole: bool): void {
    if (whole) v128.store(address, value);
    else v128.store_lane<f32>(address, value, 0);
  }

  @inline
  static sumLanes(x: v128): f32 {
    const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
    return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
  }

  @inline
  static maxLane(x: v128): f32 {
    const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
    return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  }

  @inline
  static fma(a: v128, x: v128, b: f32): v128 {
    return f32x4.add(f32x4.mul(a, x), f32x4.splat(b));
  }

  /**
   * eˣ, within 2 units in the last place; 0 below −87.3, +∞ above 88.4. Polynomial of Cephes' expf on |r| ≤ ln 2 / 2
   * (Moshier, https://www.netlib.org/cephes/).
   */
  @inline
  static exp4(x: v128): v128 {
    const inside = f32x4.min(f32x4.max(x, f32x4.splat(-87.33654)), f32x4.splat(88.72283));
    const n = f32x4.nearest(f32x4.mul(inside, f32x4.splat(1.44269504)));
    let r = f32x4.sub(inside, f32x4.mul(n, f32x4.splat(0.693359375)));
    r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
    let p = Lanes.fma(f32x4.splat(1.98756915e-4), r, 1.3981999507e-3);
    p = Lanes.fma(p, r, 8.3334519073e-3);
    p = Lanes.fma(p, r, 4.1665795894e-2);
    p = Lanes.fma(p, r, 1.6666665459e-1);
    p = Lanes.fma(p, r, 5.0000001201e-1);
    p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
    const y = f32x4.mul(p, power);
    return v128.andnot(y, f32x4.lt(x, f32x4.splat(-87.33654)));
  }

  /** log(1 + x) for 0 ≤ x ≤ 1: 2 artanh(s) with s = x / (2 + x) ≤ 1/3. */
  @inline
  static log1p4(x: v128): v128 {
    const s = f32x4.div(x, f32x4.add(x, f32x4.splat(2)));
    const z = f32x4.mul(s, s);
    let p = Lanes.fma(f32x4.splat(2.0 / 15.0), z, 2.0 / 13.0);
    p = Lanes.fma(p, z, 2.0 / 11.0);
    p = Lanes.fma(p, z, 2.0 / 9.0);
    p = Lanes.fma(p, z, 2.0 / 7.0);
    p = Lanes.fma(p, z, 2.0 / 5.0);
    p = Lanes.fma(p, z, 2.0 / 3.0);
    p = Lanes.fma(p, z, 2.0);
    return f32x4.mul(p, s);
  }

  /** log x for a normal x > 0: exponent · ln 2 + 2 artanh((m − 1) / (m + 1)), √½ ≤ m < √2. */
  static log1(x: f32): f32 {
    // +∞ and not-a-number have no logarithm of their own here.
    if (!(x < f32.MAX_VALUE)) return x;
    const bits = reinterpret<i32>(x);
    // 0x3f3504f3 is √½: the exponent steps there, so that m lies around 1.
    const shifted = bits - 0x3f3504f3;
    const k = shifted >> 23;
    const m = <f64>reinterpret<f32>(bits - (k << 23));
    const s = (m - 1) / (m + 1);
    const z = s * s;
    const series =
      2 + z * (2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0 + (z * 2.0) / 11.0))));
    return <f32>(<f64>k * 0.6931471805599453 + s * series);
  }
}
