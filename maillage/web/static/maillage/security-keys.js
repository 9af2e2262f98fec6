/* Security keys: what the server asks goes to the browser's own dialogue, and the answer goes back with the form. */
(() => {
  "use strict";

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) publicKey.excludeCredentials = named(options.excludeCredentials);
    if (options.allowCredentials) publicKey.allowCredentials = named(options.allowCredentials);
    return { publicKey };
  };

  const answered = (credential) => {
    const { response } = credential;
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response: parts,
    });
  };

  const present = async (button) => {
    const form = button.form;
    const says = form.querySelector("[data-key-says]");
    button.disabled = true;
    says.textContent = "Suivez ce que demande votre navigateur…";
    try {
      const options = asked(JSON.parse(button.dataset.options).publicKey);
      const credential = await navigator.credentials[button.dataset.key](options);
      document.getElementById(button.dataset.into).value = answered(credential);
      form.submit();
    } catch (error) {
      says.textContent =
        error.name === "InvalidStateError"
          ? "Cette clé est déjà en place."
          : "La clé n’a pas répondu : recommencez, ou utilisez un code.";
      button.disabled = false;
    }
  };

  for (const button of document.querySelectorAll("[data-key]")) {
    if (!window.PublicKeyCredential) {
      button.form.querySelector("[data-key-says]").textContent = "Ce navigateur ne connaît pas les clés de sécurité.";
      continue;
    }
    button.form.querySelector("[data-key-without]").hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => present(button));
  }
})();
