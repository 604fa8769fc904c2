// The service worker: the program opens without a signal. What belongs to anybody it never keeps.
/** @type {{version: string, files: string[]}} set by the server before this text (shouwen/phone/views.py) */
const kept = /** @type {any} */ (self).KEPT;
const worker = /** @type {any} */ (self);
const SHELL = "/phone/";
const NAME = `phone-${kept.version}`;

async function fill() {
  const cache = await caches.open(NAME);
  // A redirect would be the sign-in page: then this version is not taken, and tried again later.
  await cache.addAll([SHELL, ...kept.files].map((address) => new Request(address, { redirect: "error", cache: "reload" })));
  await worker.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("phone-") && name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} asked */
async function answer(asked) {
  const cache = await caches.open(NAME);
  return await cache.match(asked, { ignoreVary: true }) ?? fetch(asked);
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(fill()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { pathname, search } = new URL(event.request.url);
  const mine = pathname === SHELL || kept.files.includes(pathname + search);
  if (mine && event.request.method === "GET") event.respondWith(answer(event.request));
});
