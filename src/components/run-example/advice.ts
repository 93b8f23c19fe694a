/** What a browser needs before it has WebGPU, told from its user-agent string. Knows no DOM. */

/**
 * A sentence on how to get WebGPU here. Versions: implementation status of the GPU for the Web wiki and
 * MDN compatibility data, 2026-07.
 * @param secure whether the page came by HTTPS or from this machine; without it no browser offers WebGPU.
 */
export function webgpuAdvice(userAgent: string, secure: boolean): string {
  if (!secure) return 'WebGPU 只在 HTTPS 或本机地址（localhost）的页面里有：请换成 https 的地址。';
  if (/Firefox\//u.test(userAgent)) {
    if (/Android/u.test(userAgent)) return 'Android 上的 Firefox 还没有它：请用 Chrome 121 以上。';
    if (/Windows/u.test(userAgent)) return 'Windows 上的 Firefox 要 141 以上。';
    if (/Mac OS X/u.test(userAgent)) return 'macOS 上的 Firefox 要 147 以上，而且要 Apple 芯片。';
    return 'Linux 上的 Firefox 正式版默认不开：可以在 about:config 打开 dom.webgpu.enabled，或用 Chrome。';
  }
  if (/iPhone|iPad/u.test(userAgent)) return 'iPhone 和 iPad 要 iOS 26 以上。';
  if (/Chrome\/|CriOS\//u.test(userAgent)) {
    if (/Android/u.test(userAgent)) return 'Android 上要 Chrome 121 以上和 Android 12 以上。';
    if (/Windows|Mac OS X|CrOS/u.test(userAgent)) {
      return '要 Chrome 或 Edge 113 以上，并在设置里打开“图形加速”。';
    }
    return 'Linux 上要 Chrome 144（Intel 显卡）或 147（NVIDIA 显卡）以上，并打开图形加速。';
  }
  if (/Safari\//u.test(userAgent)) return 'Safari 要 26 以上。';
  return '有它的浏览器：Chrome 或 Edge 113、Safari 26、Firefox 141（Windows）以上。';
}
