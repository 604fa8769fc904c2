// data-back goes one page back; data-print prints the page. A form with data-autosend goes out when a choice changes.

export function startBack() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-back]")) history.back();
    if (target.closest("[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    /** @type {HTMLFormElement | null} */
    const form = /** @type {Element} */ (event.target).closest("form[data-autosend]");
    form?.requestSubmit();
  });
}
