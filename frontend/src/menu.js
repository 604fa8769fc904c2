// <details class="menu"> closes on Escape, on a click elsewhere and when another opens.

/** @param {EventTarget | null} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!(except instanceof Node && menu.contains(except))) menu.removeAttribute("open");
}

export function startMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    closeMenus(null);
    menu.querySelector("summary")?.focus();
  });
}
