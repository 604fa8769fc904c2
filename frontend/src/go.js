// <form data-go> sends itself: the click in the message was the answer. Without a script its button is tapped.
export function startGo() {
  const form = document.querySelector("form[data-go]");
  if (form instanceof HTMLFormElement) form.requestSubmit();
}
