// Whether this browser can keep things safely.

/** What is lacking, in words; "" when nothing is. */
export function enough() {
  if (!window.isSecureContext) return "掌上要求 https 地址，请向系统管理员要正确的网址。";
  if (!navigator.serviceWorker || !navigator.locks || !window.indexedDB || !window.crypto?.subtle)
    return "这个浏览器太旧，或处于无痕模式，记录会丢。请换新版 Chrome、Edge 或 Safari。";
  return "";
}
