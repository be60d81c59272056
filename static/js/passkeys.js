// Pages with passkeys: shows the buttons that need a script, and says in Danish why a key could not be used.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll(".coi-needs-script").forEach(function (button) { button.hidden = false; });
  });
  document.addEventListener("allauth.error", function (event) {
    const place = document.getElementById("key-error");
    if (!place) return;
    event.preventDefault();
    const name = event.detail.exception && event.detail.exception.name;
    place.hidden = false;
    place.textContent = name === "InvalidStateError"
      ? "Nøglen er allerede tilføjet til din konto."
      : "Nøglen blev ikke brugt. Prøv igen, eller vælg en anden måde.";
  });
})();
