// A line at the corner that goes away by itself, and what to say when HTMX gets no good answer.

/** @type {Record<number, string>} */
const ANSWERS = {
  401: "登录已过期，请重新登录；填的内容还在。",
  403: "没有权限，或登录已过期。请刷新本页。",
  404: "这条记录找不到了，请刷新本页。",
  412: "别人刚改过，请刷新后再改。",
  413: "文件太大，请压缩后再传。",
  429: "点得太快了，请稍等一分钟。",
};

/**
 * @param {string} words
 * @param {number} [seconds] how long it stays
 */
export function say(words, seconds = 8) {
  const place = document.getElementById("toasts");
  if (!place || [...place.children].some((line) => line.firstChild?.textContent === words)) return;
  const line = document.createElement("div");
  line.className = "toast-line";
  const text = document.createElement("span");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "知道了";
  close.addEventListener("click", () => line.remove());
  line.append(text, close);
  place.append(line);
  setTimeout(() => line.remove(), seconds * 1000);
}

/** @param {XMLHttpRequest} answer */
function sayAnswer(answer) {
  // A refusal (409) brings its own sentence as plain text.
  const own = answer.getResponseHeader("Content-Type")?.startsWith("text/plain") ? answer.responseText : "";
  say(own.slice(0, 200) || ANSWERS[answer.status] || "系统没有办成，内容还在。请稍后再试。", own ? 20 : 8);
}

export function startToasts() {
  document.addEventListener("htmx:sendError", () => say("没有网络，内容还在。"));
  document.addEventListener("htmx:timeout", () => say("网络太慢，没有办成，内容还在。"));
  document.addEventListener("htmx:responseError", (event) => sayAnswer(/** @type {CustomEvent} */ (event).detail.xhr));
  document.addEventListener("say", (event) => say(/** @type {CustomEvent} */ (event).detail.value));
  window.addEventListener("offline", () => say("网络断了。可以接着填，内容会留着。"));
  window.addEventListener("online", () => say("网络恢复了。", 3));
}
