// What makes the pages smoother. Every journey works without this file.
"use strict";

(() => {
  const SENDING = "Envoi en cours…";

  // A second click on a form that is leaving does nothing; the server has its own key against doubles.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (event.submitter?.hasAttribute("data-download")) return; // the page stays: a file comes
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    const button = event.submitter;
    if (button instanceof HTMLButtonElement) {
      button.dataset.label = button.textContent;
      button.setAttribute("aria-disabled", "true");
      button.textContent = SENDING;
    }
  });

  const release = (form) => {
    if (!(form instanceof HTMLFormElement)) return;
    delete form.dataset.sending;
    form.querySelectorAll("button[data-label]").forEach((button) => {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
      delete button.dataset.label;
    });
  };

  // Coming back with the browser's arrow shows the page as it was left, with its forms usable again.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => release(event.target));

  // A fragment that does not arrive is said aloud, and nothing of what was typed is lost.
  const say = (text) => {
    const region = document.getElementById("messages");
    if (!region) return;
    const message = document.createElement("p");
    message.className = "flash tone-late";
    message.textContent = text;
    region.replaceChildren(message);
    region.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", () =>
    say("La connexion est interrompue, rien n’est perdu : ce que vous avez saisi est toujours là. Réessayez dans un instant."));
  document.addEventListener("htmx:responseError", (event) =>
    say(event.detail.xhr.status === 403
      ? "Votre rôle ne permet pas, ou ne permet plus, cette action : rien n’a été enregistré. Ce que vous avez saisi est toujours là : copiez-le avant de quitter la page."
      : event.detail.xhr.status === 503
      ? "Les clés qui protègent les dossiers sont momentanément indisponibles : rien n’a été enregistré, ce que vous avez saisi est toujours là. Prévenez l’administrateur·rice de votre organisme."
      : "La demande n’a pas abouti. Rien n’a été enregistré ; rechargez la page, puis réessayez."));

  // How much of a long answer is written, said under it; what is too long is refused by the server, never cut.
  const figures = new Intl.NumberFormat("fr-FR");
  const count = (area) => {
    let said = area.nextElementSibling;
    if (!said?.classList.contains("written")) {
      said = document.createElement("p");
      said.className = "written small soft";
      area.after(said);
    }
    const longest = Number(area.dataset.longest), written = area.value.length;
    const over = written > longest ? ` : ${figures.format(written - longest)} de trop` : "";
    said.textContent = `${figures.format(written)} caractères sur ${figures.format(longest)}${over}`;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea[data-longest]")) count(event.target);
  });

  // A question that hangs on another answer opens once it is given; one in which something is written stays open.
  document.addEventListener("change", (event) => {
    const name = event.target.name ?? "";
    for (const folded of document.querySelectorAll("details[data-when]")) {
      if (folded.dataset.when !== name) continue;
      const written = [...folded.querySelectorAll("textarea, select, input:not([type=hidden])")].some((field) => field.value);
      folded.open = event.target.value === folded.dataset.equals || written;
    }
  });

  // Escape closes the menu that is open and gives the focus back to its button.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open], details.due[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // The filters of a list stand open where they leave room for it; on a telephone they would fill the first screen.
  const wide = matchMedia("(min-width: 48rem)");
  const open = () => {
    if (wide.matches) document.querySelectorAll("details[data-wide]").forEach((filters) => filters.setAttribute("open", ""));
  };
  open();

  // After a refused form, the list of errors is read first; on a page that came without being loaded, else its content.
  // A part of a page that is renewed, a table sorted anew, keeps the focus where it was.
  document.querySelector(".error-summary")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.boosted || event.detail.target !== document.body) return;
    open();
    const wanted = document.querySelector(".error-summary") ?? document.querySelector("main [autofocus]");
    (wanted ?? document.getElementById("contenu"))?.focus();
  });
})();
