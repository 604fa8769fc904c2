// A file field names what was picked, with its size; nothing is resized yet.

/** @param {number} octets */
function size(octets) {
  return octets < 1024 * 1024 ? `${Math.max(1, Math.floor(octets / 1024))} KB` : `${(octets / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {HTMLInputElement} input */
function show(input) {
  const next = input.nextElementSibling;
  const list = next?.matches(".picked-files") ? next : document.createElement("ul");
  list.className = "picked-files";
  list.replaceChildren(...[...(input.files ?? [])].map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} · ${size(file.size)}`;
    return item;
  }));
  input.after(list);
}

export function startFiles() {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "file") show(event.target);
  });
}
